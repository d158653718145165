package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlScheduler;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.SystemTime;
import ristretto.driver.timer.GenericTimer;
import ristretto.sim.FreshImage;

/** A table, and what a vCPU does not use of its time. */
class Arinc653Test {
  @Test
  void eachRunsInItsTimeAndOnlyThen() {
    FreshImage.run(Table.class);
  }

  static final class Table extends LoadedMachine {
    Table() {
      super(1, 1000, DomctlScheduler.ARINC653);
    }

    @Override
    void prepare() {
      Domain one = domain(2);
      Domain other = domain(1);
      one.handle[0] = 1;
      other.handle[0] = 2;
      Arinc653 table = (Arinc653) Pool.FIRST.policy;
      table.clear(SystemTime.ticksOfMicroseconds(20_000), GenericTimer.counter());
      table.add(1, 0, 0, SystemTime.ticksOfMicroseconds(5000));
      table.add(2, 0, 0, SystemTime.ticksOfMicroseconds(8000));
      table.add(1, 0, 1, SystemTime.ticksOfMicroseconds(2000));
      Vcpu second = other.vcpus[0];
      blockAt(501, second);
      wakeAt(751, second);
    }

    @Override
    void check() {
      assertEquals(250, ran(vcpus.get(0)), 1);
      assertEquals(100, ran(vcpus.get(1)), 1);
      assertEquals(300, ran(vcpus.get(2)), 8.5, "not while it was blocked, and nobody else was");
    }
  }

  @Test
  void whoBelongsToAnotherClassOfCpusDoesNotRun() {
    FreshImage.run(OtherClass.class);
  }

  /** The table is of CPU 0; CPU 1 is of another class, which the vCPU is pinned to at first. */
  static final class OtherClass implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(2, DomctlScheduler.ARINC653);
      bench.machine.run(() -> {
        bench.start();
        for (int i = 0; i < 2; i++) {
          Cpus.get(i).peers = 1 << i;
        }
        Vcpu vcpu = bench.domain(1, 1).vcpus[0];
        Scheduler.setAffinity(vcpu, 1L << 1, -1);
        assertFalse(vcpu.mayRunOn(Cpus.get(0)));
        Scheduler.setAffinity(vcpu, 1, -1);
        assertTrue(vcpu.mayRunOn(Cpus.get(0)), "it has not run yet");
      });
    }
  }
}
