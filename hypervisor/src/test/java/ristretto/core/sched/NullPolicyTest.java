package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlScheduler;
import ristretto.abi.Errno;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.sim.FreshImage;

/** A CPU each, and who waits for one. */
class NullPolicyTest {
  @Test
  void eachHasACpuOfItsOwnAndOthersWait() {
    FreshImage.run(Waiting.class);
  }

  /** Three vCPUs on two CPUs; one goes after 100 ms, and its CPU is the third's. */
  static final class Waiting extends LoadedMachine {
    Waiting() {
      super(2, 200, DomctlScheduler.NULL);
    }

    @Override
    void prepare() {
      Vcpu first = domain(3).vcpus[0];
      blockAt(10, first); // what it does not use nobody else gets
      wakeAt(20, first);
      at(100, () -> Scheduler.pause(first, PauseReason.OFFLINE));
    }

    @Override
    void check() {
      assertEquals(90, ran(vcpus.get(0)), 0.1);
      assertEquals(200, ran(vcpus.get(1)), 0.1);
      assertEquals(100, ran(vcpus.get(2)), 0.1);
      assertSame(vcpus.get(0).cpu, vcpus.get(2).cpu);
    }
  }

  @Test
  void affinityDecidesWhichCpu() {
    FreshImage.run(Pinned.class);
  }

  /** The second one may only have the first one's CPU, which then is sent elsewhere. */
  static final class Pinned extends LoadedMachine {
    Pinned() {
      super(3, 100, DomctlScheduler.NULL);
    }

    @Override
    void prepare() {
      domain(2);
      Vcpu first = vcpus.get(0);
      Vcpu second = vcpus.get(1);
      at(10, () -> Scheduler.setAffinity(second, 1L << first.cpu.index, -1));
      at(50, () -> Scheduler.setAffinity(first, 1 << 2, -1));
    }

    @Override
    void check() {
      assertEquals(100, ran(vcpus.get(0)), 0.1);
      assertEquals(60, ran(vcpus.get(1)), 0.1);
      assertEquals(2, vcpus.get(0).cpu.index);
      assertTrue(vcpus.get(1).cpu.index < 2);
    }
  }

  @Test
  void whoIsSentOnWhileItLeavesFindsACpu() {
    FreshImage.run(SentOn.class);
  }

  /** It sleeps, loaded in its CPU, when it is pinned to another, woken, and pinned to a third. */
  static final class SentOn extends LoadedMachine {
    SentOn() {
      super(3, 100, DomctlScheduler.NULL);
    }

    @Override
    void prepare() {
      Vcpu vcpu = domain(1).vcpus[0];
      blockAt(10, vcpu);
      at(
          50,
          () -> {
            int first = vcpu.cpu.index;
            Scheduler.setAffinity(vcpu, 1L << (first + 1) % 3, -1);
            Scheduler.wake(vcpu);
            assertSame(Residence.LEAVING, vcpu.residence);
            Scheduler.setAffinity(vcpu, 1L << (first + 2) % 3, -1);
          });
    }

    @Override
    void check() {
      assertEquals(60, ran(vcpus.get(0)), 0.1);
    }
  }

  @Test
  void aCpuThatComesBackIsOnesAlone() {
    FreshImage.run(ComesBack.class);
  }

  /** Of four vCPUs on three CPUs two wait while one of these is out of use for 20 ms. */
  static final class ComesBack extends LoadedMachine {
    ComesBack() {
      super(3, 100, DomctlScheduler.NULL);
    }

    @Override
    void prepare() {
      domain(4);
      at(10, () -> assertEquals(Errno.OK, Pools.removeCpu(Pool.FIRST, 2)));
      at(30, () -> assertEquals(Errno.OK, Pools.addCpu(Pool.FIRST, 2)));
    }

    @Override
    void check() {
      int taken = 0;
      double ran = 0;
      for (Vcpu vcpu : vcpus) {
        assertEquals(0, taken & vcpu.candidate.mask, "a second one for a CPU");
        taken |= vcpu.candidate.mask;
        ran += ran(vcpu);
      }
      assertEquals(0b111, taken);
      assertEquals(280, ran, 0.5);
    }
  }

  @Test
  void aDomainThatEndsIsOutAtOnce() {
    FreshImage.run(Ending.class);
  }

  /** Its vCPU idles, and is loaded in the CPU that it has. */
  static final class Ending extends LoadedMachine {
    Ending() {
      super(2, 100, DomctlScheduler.NULL);
    }

    @Override
    void prepare() {
      Vcpu idle = domain(1).vcpus[0];
      domain(1);
      blockAt(10, idle);
      at(50, () -> Scheduler.pause(idle, PauseReason.DYING));
      at(50.01, () -> Scheduler.evict(idle));
      at(50.02, () -> assertTrue(Scheduler.evict(idle)));
    }

    @Override
    void check() {
      assertNull(vcpus.get(0).loadedOn);
      assertEquals(100, ran(vcpus.get(1)), 0.1);
    }
  }
}
