package ristretto.core.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.Errno;
import ristretto.arch.Stage2Descriptor;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Vgic;
import ristretto.core.sched.SchedulingBench;
import ristretto.machine.CpuLocal;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.sim.FreshImage;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.Switching;

class Stage2ReadersTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aPageThatWasTakenAwayIsNotWrittenAnyMore(long seed) {
    FreshImage.run(TakenAway.class, seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aBlockThatIsBeingCutCanStillBeRead(long seed) {
    FreshImage.run(BeingCut.class, seed);
  }

  @Test
  void whatAFaultInterruptedIsOver() {
    new SimulatedMachine()
        .symbol(ImageSymbol.CPU_STACKS, ImageSymbol.LINK_BASE)
        .run(() -> {
          Cpu cpu = new Cpu(0, 0, 0, 0);
          Stage2Readers.abandon(cpu);
          assertEquals(0, cpu.stage2Reads);
          cpu.stage2Reads = 7;
          Stage2Readers.abandon(cpu);
          assertEquals(8, cpu.stage2Reads);
        });
  }

  /** Two CPUs; on the first a vCPU whose addresses are intermediate physical ones. */
  private abstract static class TwoCpus implements LongConsumer {
    static final long MIB = 1 << 20;
    static final long RAM = 0x4000_0000L;
    static final long OWN = RAM;
    static final long BLOCK = RAM + 4 * MIB;
    static final int BLOCK_ORDER = 9;
    final Cpu[] cpus = new Cpu[2];

    @Override
    public void accept(long seed) {
      SimulatedMachine machine =
          new SimulatedMachine(2)
              .ram(RAM, 8 * MIB)
              .symbol(ImageSymbol.CPU_STACKS, ImageSymbol.LINK_BASE)
              .translation((_, virtual, _, _) -> virtual & -Frames.SIZE)
              .schedule(Switching.RANDOM, seed);
      machine.run(this::start);
      machine.runAll(
          () -> {
            CpuLocal.set(cpus[0]);
            read(cpus[0].servedVcpu());
          },
          () -> {
            CpuLocal.set(cpus[1]);
            change(cpus[0].servedVcpu().domain.p2m);
          });
    }

    private void start() {
      FrameSetup setup = new FrameSetup();
      setup.addBank(RAM, 8 * MIB);
      setup.reserve(OWN, MIB);
      setup.reserve(BLOCK, 2 * MIB);
      assertTrue(setup.start());
      P2m p2m = new P2m(Frames.newAccount());
      assertEquals(Errno.OK, p2m.open());
      long frame = BLOCK >>> Frames.SHIFT;
      assertEquals(Errno.OK, p2m.map(0, frame, BLOCK_ORDER, P2mType.RAM_RW));
      for (int i = 0; i < cpus.length; i++) {
        cpus[i] = new Cpu(i, i, 0, 0);
        Cpus.add(cpus[i]);
      }
      CpuLocal.set(cpus[0]);
      SchedulingBench.makeRoom();
      Domain domain = new Domain(false, 1, Vgic.MAX_LINES, p2m);
      domain.open(1, 1);
      Vcpu vcpu = domain.vcpus[0];
      vcpu.open(OWN + 0x8_0000, cpus[0]);
      cpus[0].vcpu = vcpu;
    }

    abstract void read(Vcpu vcpu);

    abstract void change(P2m p2m);
  }

  private static final class TakenAway extends TwoCpus {
    private static final long NEW_OWNERS = 0x1234;
    private static final long GFN = 1 << BLOCK_ORDER; // a page with a table of its own
    private static final int ROUNDS = 10;
    private boolean over;

    @Override
    void read(Vcpu vcpu) {
      while (!over) {
        Stage2Readers.enter(vcpu.cpu);
        Stage2Descriptor found = vcpu.domain.p2m.walk(GFN);
        for (int i = 0; i < 30; i++) { // a long copy
          assertEquals(0, Memory.load64(OWN));
        }
        if (found.isValid()) {
          Memory.store64(found.address(), 0);
        }
        Stage2Readers.leave(vcpu.cpu);
      }
    }

    @Override
    void change(P2m p2m) {
      long page = BLOCK + 3 * Frames.SIZE;
      assertEquals(Errno.OK, p2m.map(GFN + 1, BLOCK >>> Frames.SHIFT, 0, P2mType.RAM_RW));
      for (int round = 0; round < ROUNDS; round++) {
        assertEquals(Errno.OK, p2m.map(GFN, page >>> Frames.SHIFT, 0, P2mType.RAM_RW));
        assertEquals(Errno.OK, p2m.unmap(GFN, 0));
        Memory.store64(page, NEW_OWNERS);
        for (int i = 0; i < 30; i++) {
          assertEquals(NEW_OWNERS, Memory.load64(page));
        }
      }
      over = true;
    }
  }

  private static final class BeingCut extends TwoCpus {
    @Override
    void read(Vcpu vcpu) {
      for (int i = 0; i < 60; i++) {
        assertTrue(GuestMemory.copyIn(vcpu, 3 * Frames.SIZE, OWN, 8));
        assertEquals(0, vcpu.cpu.stage2Reads & 1);
      }
    }

    @Override
    void change(P2m p2m) {
      assertEquals(Errno.OK, p2m.unmap(7, 0));
    }
  }
}
