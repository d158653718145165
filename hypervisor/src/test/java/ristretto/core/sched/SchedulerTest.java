package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Interrupts;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.Switching;

/** Who runs where, and when. */
class SchedulerTest {
  /** The vCPU that runs next on this CPU, of a guest that never blocks, when its turn is over. */
  private static Vcpu next(Cpu cpu) {
    Scheduler.letOthersRun(cpu);
    return chosen(cpu);
  }

  private static Vcpu chosen(Cpu cpu) {
    long frame = Scheduler.choose(cpu).address();
    Vcpu running = cpu.servedVcpu();
    assertEquals(running.frame.address(), frame);
    assertSame(cpu, running.cpu);
    assertSame(cpu, running.loadedOn);
    return running;
  }

  private static long ticks(int milliseconds) {
    return SimulatedMachine.COUNTER_FREQUENCY / 1000 * milliseconds;
  }

  @Test
  void whoYieldsLetsTheOthersGoFirst() {
    FreshImage.run(Yielding.class);
  }

  static final class Yielding implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Domain one = bench.domain(1, 2);
        Domain other = bench.domain(2, 1);
        Vcpu[] ready = {one.vcpus[0], one.vcpus[1], other.vcpus[0]};
        for (Vcpu vcpu : ready) {
          SchedulingBench.start(vcpu);
        }
        Vcpu before = next(cpu);
        int[] turns = new int[3];
        for (int turn = 0; turn < 9; turn++) {
          Vcpu chosen = next(cpu);
          assertNotSame(before, chosen, "turn " + turn);
          turns[List.of(ready).indexOf(chosen)]++;
          before = chosen;
        }
        assertArrayEquals(new int[] {3, 3, 3}, turns);
        Scheduler.pause(ready[0], PauseReason.PAUSED);
        Vcpu first = next(cpu);
        Vcpu another = next(cpu);
        assertNotSame(first, another);
        assertSame(first, next(cpu));
      });
    }
  }

  @Test
  void aTurnEndsAfterTheRateLimitIfSomebodyWaits() {
    FreshImage.run(Slices.class);
  }

  static final class Slices implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Domain domain = bench.domain(1, 2);
        Vcpu alone = SchedulingBench.start(domain.vcpus[0]);
        assertSame(alone, chosen(cpu));
        assertEquals(0, SysReg.CNTHP_CTL_EL2.read() & 1, "nobody waits: no timer runs");
        long start = SysReg.CNTPCT_EL0.read();
        SchedulingBench.start(domain.vcpus[1]);
        assertSame(alone, chosen(cpu));
        Hint.waitForInterrupt();
        double turn = SysReg.CNTPCT_EL0.read() - start;
        assertEquals(1, turn / ticks(1), 0.1, "milliseconds");
        Interrupts.handlePending();
        assertTrue(cpu.mustReschedule());
        assertSame(domain.vcpus[1], chosen(cpu));
      });
    }
  }

  @Test
  void aTurnEndsAlsoIfAnotherCpuQueuedWhoWaits() {
    FreshImage.run(QueuedFromElsewhere.class);
  }

  /** CPU 1 is busy with a vCPU that never blocks when CPU 0 wakes another one there. */
  static final class QueuedFromElsewhere implements Runnable {
    private volatile int step;
    private final SchedulingBench bench = new SchedulingBench(2);
    private final Vcpu[] vcpus = new Vcpu[2];

    @Override
    public void run() {
      bench.machine.schedule(Switching.RANDOM, 7);
      bench.machine.runAll(this::first, this::second);
    }

    private void first() {
      bench.start();
      Domain domain = bench.domain(1, 2);
      for (int i = 0; i < 2; i++) {
        vcpus[i] = domain.vcpus[i];
        Scheduler.setAffinity(vcpus[i], 2, -1);
      }
      step = 1;
      waitFor(2);
      SchedulingBench.start(vcpus[1]);
      step = 3;
    }

    private void second() {
      waitFor(1);
      Cpu cpu = bench.startOther(1);
      SchedulingBench.start(vcpus[0]);
      assertSame(vcpus[0], chosen(cpu));
      step = 2;
      waitFor(3);
      Interrupts.handlePending();
      assertSame(vcpus[0], chosen(cpu), "its turn is not over");
      assertTrue((SysReg.CNTHP_CTL_EL2.read() & 1) != 0, "but it has an end");
      long end = SysReg.CNTHP_CVAL_EL2.read();
      cpu.askToReschedule();
      assertSame(vcpus[0], chosen(cpu));
      assertEquals(end, SysReg.CNTHP_CVAL_EL2.read(), "and nothing that happens puts it off");
      Hint.waitForInterrupt();
      Interrupts.handlePending();
      assertSame(vcpus[1], chosen(cpu));
    }

    private void waitFor(int wanted) {
      while (step < wanted) {
        Hint.spin();
      }
    }
  }

  @Test
  void aPinnedVcpuLeavesWhereItMayNotBe() {
    FreshImage.run(Pinning.class);
  }

  static final class Pinning implements Runnable {
    private static final long FIRST = 1;
    private static final long SECOND = 2;

    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(2);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Cpu other = Cpus.get(1);
        other.online = true; // and does nothing
        Domain domain = bench.domain(2, 3);
        Vcpu running = SchedulingBench.start(domain.vcpus[0]);
        assertSame(running, chosen(cpu));
        Vcpu queued = domain.vcpus[2];
        Scheduler.setAffinity(queued, FIRST, -1);
        SchedulingBench.start(queued);
        Scheduler.setAffinity(queued, SECOND, -1);
        assertTrue(queued.mayRunOn(other) && !queued.mayRunOn(cpu));
        assertSame(Residence.QUEUED, queued.residence);
        Vcpu third = domain.vcpus[1];
        Scheduler.setAffinity(third, FIRST, -1);
        SchedulingBench.start(third);
        cpu.forgetReschedule();
        Scheduler.setAffinity(running, FIRST | SECOND, -1);
        assertFalse(cpu.mustReschedule(), "it may stay");
        Scheduler.setAffinity(running, SECOND, -1);
        assertTrue(cpu.mustReschedule());
        assertSame(third, chosen(cpu));
        assertSame(Residence.QUEUED, running.residence);
        assertNull(running.loadedOn);
      });
    }
  }

  @Test
  void queuesOnlyWhereACpuIsOnline() {
    FreshImage.run(Offline.class);
  }

  static final class Offline implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(2);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Vcpu vcpu = bench.domain(1, 1).vcpus[0];
        vcpu.cpu = Cpus.get(1); // which has not come
        SchedulingBench.start(vcpu);
        assertSame(vcpu, chosen(cpu));
      });
    }
  }

  @Test
  void aCpuWithNothingToDoTakesFromOthersWhatItMay() {
    FreshImage.run(Stealing.class);
  }

  /** CPU 1 comes late; of the two that wait at CPU 0 then, one must stay there. */
  static final class Stealing implements Runnable {
    private volatile int step;
    private final List<Vcpu> taken = new ArrayList<>();
    private final Vcpu[] vcpus = new Vcpu[3];
    private final SchedulingBench bench = new SchedulingBench(2);

    @Override
    public void run() {
      bench.machine.schedule(Switching.RANDOM, 7);
      bench.machine.runAll(this::first, this::second);
      assertSame(vcpus[2], taken.get(0));
      assertSame(vcpus[0], taken.get(1));
    }

    private void first() {
      Cpu cpu = bench.start();
      Domain domain = bench.domain(1, 3);
      for (int i = 0; i < 3; i++) {
        vcpus[i] = SchedulingBench.start(domain.vcpus[i]);
      }
      assertSame(vcpus[0], chosen(cpu));
      Scheduler.setAffinity(vcpus[1], 1, -1);
      step = 1;
      waitFor(2);
      assertSame(vcpus[1], next(cpu));
      assertSame(vcpus[0], next(cpu));
      Scheduler.setAffinity(vcpus[0], 2, -1); // it runs here; it goes when this CPU chooses next
      assertSame(vcpus[1], next(cpu));
      step = 3;
    }

    private void second() {
      waitFor(1);
      Cpu cpu = bench.startOther(1);
      taken.add(chosen(cpu));
      step = 2;
      waitFor(3);
      Scheduler.pause(vcpus[2], PauseReason.PAUSED);
      taken.add(chosen(cpu));
    }

    private void waitFor(int wanted) {
      while (step < wanted) {
        Hint.spin();
      }
    }
  }

  @Test
  void aVcpuThatBlocksLeavesItsCpuToOthersAndComesBack() {
    FreshImage.run(Blocking.class);
  }

  static final class Blocking implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        Cpu cpu = bench.start();
        Domain domain = bench.domain(1, 2);
        Vcpu first = SchedulingBench.start(domain.vcpus[0]);
        Vcpu second = SchedulingBench.start(domain.vcpus[1]);
        assertSame(first, chosen(cpu));
        Scheduler.block(first);
        assertSame(second, chosen(cpu));
        assertNull(first.loadedOn);
        assertSame(second, next(cpu));
        Scheduler.wake(first);
        assertSame(first, next(cpu));
      });
    }
  }
}
