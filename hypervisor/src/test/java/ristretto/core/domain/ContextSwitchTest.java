package ristretto.core.domain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import ristretto.arch.HcrEl2;
import ristretto.core.cpu.Cpu;
import ristretto.core.sched.SchedulingBench;
import ristretto.machine.FloatingPoint;
import ristretto.machine.Machine.Maintenance;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;

/** A vCPU finds its registers as it left them, whoever ran in between. */
class ContextSwitchTest {
  /**
   * What a guest kernel may write without a trap, from the manual's list of EL1 and EL0 registers.
   * Arm ARM DDI 0487, "AArch64 System Register Descriptions".
   */
  private static final SysReg[] WRITABLE = {
    SysReg.SCTLR_EL1,
    SysReg.CPACR_EL1,
    SysReg.TTBR0_EL1,
    SysReg.TTBR1_EL1,
    SysReg.TCR_EL1,
    SysReg.SPSR_EL1,
    SysReg.ELR_EL1,
    SysReg.SP_EL0,
    SysReg.SP_EL1,
    SysReg.AFSR0_EL1,
    SysReg.AFSR1_EL1,
    SysReg.ESR_EL1,
    SysReg.FAR_EL1,
    SysReg.PAR_EL1,
    SysReg.MAIR_EL1,
    SysReg.AMAIR_EL1,
    SysReg.VBAR_EL1,
    SysReg.CONTEXTIDR_EL1,
    SysReg.TPIDR_EL1,
    SysReg.TPIDR_EL0,
    SysReg.TPIDRRO_EL0,
    SysReg.CNTKCTL_EL1,
    SysReg.CSSELR_EL1,
    SysReg.CNTV_CVAL_EL0,
  };

  private static final int SWITCHES = 100;

  @Test
  void keepsEveryRegisterOverAHundredSwitches() {
    FreshImage.run(Registers.class);
  }

  static final class Registers implements Runnable {
    private final long[][] expected = new long[2][WRITABLE.length];
    private final Random random = new Random(5);

    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Vcpu[] vcpus = {bench.domain(1, 1).vcpus[0], bench.domain(2, 1).vcpus[0]};
        for (int i = 0; i < 2; i++) {
          ContextSwitch.to(cpu, vcpus[i]);
          writeAll(expected[i]);
        }
        for (int i = 0; i < SWITCHES; i++) {
          Vcpu vcpu = vcpus[i % 2];
          ContextSwitch.to(cpu, vcpu);
          assertEquals(vcpu.domain.p2m.vttbr(), SysReg.VTTBR_EL2.read());
          assertEquals(vcpu.mpidr, SysReg.VMPIDR_EL2.read());
          for (int r = 0; r < WRITABLE.length; r++) {
            assertEquals(expected[i % 2][r], WRITABLE[r].read(), WRITABLE[r] + ", switch " + i);
          }
          writeAll(expected[i % 2]);
        }
      });
    }

    private void writeAll(long[] values) {
      for (int r = 0; r < WRITABLE.length; r++) {
        values[r] = random.nextLong();
        WRITABLE[r].write(values[r]);
      }
    }
  }

  @Test
  void keepsFloatingPointRegistersOfThoseThatUseThem() {
    FreshImage.run(FloatingPointRegisters.class);
  }

  static final class FloatingPointRegisters implements Runnable {
    private static final long TRAPPED = 1 << 10; // CPTR_EL2.TFP

    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Domain domain = bench.domain(1, 3);
        byte[][] expected = new byte[2][];
        for (int i = 0; i < 2; i++) {
          ContextSwitch.to(cpu, domain.vcpus[i]);
          useFloatingPoint(cpu);
          expected[i] = fill(cpu, i);
        }
        for (int i = 0; i < SWITCHES; i++) {
          if (i % 3 == 2) {
            ContextSwitch.to(cpu, domain.vcpus[2]); // does not use it
          }
          ContextSwitch.to(cpu, domain.vcpus[i % 2]);
          assertArrayEquals(expected[i % 2], useFloatingPoint(cpu));
          expected[i % 2] = fill(cpu, 2 + i);
        }
      });
    }

    /** The first use traps. Returns what is found then. */
    private static byte[] useFloatingPoint(Cpu cpu) {
      assertTrue((SysReg.CPTR_EL2.read() & TRAPPED) != 0, "another's registers are in reach");
      ContextSwitch.giveFloatingPoint(cpu.servedVcpu());
      assertEquals(0, SysReg.CPTR_EL2.read() & TRAPPED);
      FloatingPoint.save(cpu.scratch);
      byte[] found = new byte[FloatingPoint.BLOCK_SIZE];
      for (int i = 0; i < found.length; i++) {
        found[i] = (byte) Memory.load8(cpu.scratch + i);
      }
      return found;
    }

    private static byte[] fill(Cpu cpu, int seed) {
      byte[] content = new byte[FloatingPoint.BLOCK_SIZE];
      new Random(seed).nextBytes(content);
      for (int i = 0; i < content.length; i++) {
        Memory.store8(cpu.scratch + i, content[i]);
      }
      FloatingPoint.restore(cpu.scratch);
      return content;
    }
  }

  /** XSA-201: an error that a guest has caused may be pending when another one comes. */
  @Test
  void aPendingSystemErrorIsTheLeavingVcpus() {
    FreshImage.run(PendingError.class);
  }

  static final class PendingError implements Runnable {
    private static final long PENDING = 1 << 8; // ISR_EL1.A

    private boolean pending;

    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Domain domain = bench.domain(1, 2);
        Vcpu guilty = domain.vcpus[0];
        ContextSwitch.to(cpu, guilty);
        pending = true;
        bench.cpu(0).onRead(SysReg.ISR_EL1, () -> pending ? PENDING : 0);
        bench.cpu(0).onSystemErrorsTaken(() -> takenByTheVectorCode(cpu));
        bench.machine.forgetMaintenance();
        ContextSwitch.to(cpu, domain.vcpus[1]);
        assertEquals(
            List.of(Maintenance.DSB_SY, Maintenance.ISB, Maintenance.TAKE_SERRORS),
            bench.machine.maintenanceOperations().subList(0, 3));
        assertEquals(0, SysReg.HCR_EL2.read() & HcrEl2.VSE, "the other one's");
        assertEquals(0, cpu.systemErrorWindow);
        ContextSwitch.to(cpu, guilty);
        assertEquals(HcrEl2.VSE, SysReg.HCR_EL2.read() & HcrEl2.VSE);
        SysReg.HCR_EL2.write(SysReg.HCR_EL2.read() & ~HcrEl2.VSE); // the guest has taken it
        ContextSwitch.to(cpu, domain.vcpus[1]);
        ContextSwitch.to(cpu, guilty);
        assertEquals(0, SysReg.HCR_EL2.read() & HcrEl2.VSE);
      });
    }

    private void takenByTheVectorCode(Cpu cpu) {
      assertTrue(cpu.systemErrorWindow != 0, "the vector code would call it a fault");
      pending = false;
      cpu.systemErrorTaken = -1;
    }
  }
}
