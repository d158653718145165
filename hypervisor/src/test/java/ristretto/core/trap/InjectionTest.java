package ristretto.core.trap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.arch.Esr;
import ristretto.arch.HcrEl2;
import ristretto.arch.Pstate;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.ContextSwitch;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.core.sched.SchedulingBench;
import ristretto.lang.Bits;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;

class InjectionTest {
  private static final long SPAN = Bits.bit(23);
  private static final long PAN = Bits.bit(22);
  private static final long NZCV = Bits.mask(31, 28);

  @Test
  void entryToEl1KeepsFlagsAndMasksEverything() {
    long entered = Pstate.onEntryToEl1(NZCV | Pstate.MODE_EL0T, SPAN);
    assertEquals(NZCV | Pstate.MODE_EL1H | Pstate.DAIF, entered);
  }

  @Test
  void entryToEl1SetsPanUnlessTheKernelSaysOtherwise() {
    assertEquals(PAN, Pstate.onEntryToEl1(Pstate.MODE_EL1H, 0) & PAN);
    assertEquals(0, Pstate.onEntryToEl1(Pstate.MODE_EL1H, SPAN) & PAN);
    assertEquals(PAN, Pstate.onEntryToEl1(Pstate.MODE_EL1H | PAN, SPAN) & PAN);
  }

  @Test
  void aCompletedInstructionLeavesNoBranchTypeAndNoStep() {
    long mode = NZCV | Pstate.MODE_EL0T | PAN;
    assertEquals(mode, Pstate.afterInstruction(mode));
    assertEquals(mode, Pstate.afterInstruction(mode | Bits.mask(11, 10)));
    assertEquals(mode, Pstate.afterInstruction(mode | Bits.bit(21)));
  }

  /** ITSTATE of ITTE EQ: 0b0000_0110 (the block's four shapes of instructions), by hand. */
  @Test
  void aCompletedInstructionOfAnItBlockAdvancesIt() {
    assertEquals(itState(0b0000_1100), Pstate.afterInstruction(itState(0b0000_0110)));
    assertEquals(itState(0b0001_1000), Pstate.afterInstruction(itState(0b0000_1100)));
    assertEquals(itState(0), Pstate.afterInstruction(itState(0b0001_1000)));
    assertEquals(itState(0), Pstate.afterInstruction(itState(0)));
  }

  /** PSTATE of AArch32 user mode in T32. */
  private static long itState(int it) {
    return Pstate.MODE_AARCH32 | Bits.bit(5) | (long) (it >>> 2) << 10 | (long) (it & 3) << 25;
  }

  @Test
  void singleStepAndIllegalStateDoNotSurviveTheEntry() {
    long steppedAndIllegal = Bits.bit(21) | Bits.bit(20);
    assertEquals(Pstate.MODE_EL1H | Pstate.DAIF, Pstate.onEntryToEl1(steppedAndIllegal, SPAN));
  }

  /** Arm ARM DDI 0487, "Exception vectors": by where the exception comes from. */
  @Test
  void theVectorFollowsFromWhereTheGuestWas() {
    FreshImage.run(Vectors.class);
  }

  static final class Vectors implements Runnable {
    private static final long VBAR = 0xffff_8000_0001_0000L;
    private static final long PC = 0x1234;

    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Vcpu vcpu = bench.domain(1, 1).vcpus[0];
        ContextSwitch.to(cpu, vcpu);
        SysReg.VBAR_EL1.write(VBAR);
        SysReg.SCTLR_EL1.write(SPAN);
        long[][] cases = {
          {Pstate.MODE_EL1T, 0x000, 0x25},
          {Pstate.MODE_EL1H, 0x200, 0x25},
          {Pstate.MODE_EL0T, 0x400, 0x24},
          {Pstate.MODE_AARCH32, 0x600, 0x24}, // user mode, A32
          {Pstate.MODE_AARCH32 | Bits.bit(5), 0x600, 0x24}, // T32
        };
        for (long[] row : cases) {
          long from = row[0] | NZCV;
          vcpu.frame.setElr(PC);
          vcpu.frame.setSpsr(from);
          Injection.undefined(vcpu, true);
          assertEquals(VBAR + row[1], vcpu.frame.elr());
          assertEquals(PC, SysReg.ELR_EL1.read());
          assertEquals(from, SysReg.SPSR_EL1.read());
          assertEquals(Bits.bit(25), SysReg.ESR_EL1.read(), "EC 0, IL");
          assertEquals(NZCV | Pstate.MODE_EL1H | Pstate.DAIF, vcpu.frame.spsr());
          vcpu.frame.setElr(PC);
          vcpu.frame.setSpsr(from);
          SysReg.FAR_EL2.write(0x5678);
          Injection.externalAbort(
              vcpu, new Esr(Bits.put(Bits.bit(25) | Bits.bit(6), 31, 26, 0x24)));
          assertEquals(VBAR + row[1], vcpu.frame.elr());
          assertEquals(row[2], Bits.get(SysReg.ESR_EL1.read(), 31, 26));
          assertEquals(0x10 | Bits.bit(6), Bits.get(SysReg.ESR_EL1.read(), 24, 0), "WnR stays");
          assertEquals(0x5678, SysReg.FAR_EL1.read());
        }
      });
    }
  }

  /** PSTATE.A is the guest's: a virtual SError is pending until it clears that. */
  @Test
  void aSystemErrorIsLeftPendingForTheGuestToTake() {
    FreshImage.run(Pending.class);
  }

  static final class Pending implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Vcpu vcpu = SchedulingBench.start(bench.domain(1, 1).vcpus[0]);
        Scheduler.choose(cpu);
        long pc = vcpu.frame.elr();
        assertEquals(vcpu.frame.address(), Traps.onSError(vcpu.frame.address()));
        assertEquals(pc, vcpu.frame.elr());
        assertEquals(HcrEl2.VSE, SysReg.HCR_EL2.read() & HcrEl2.VSE);
      });
    }
  }
}
