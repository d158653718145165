package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.machine.Hint;
import ristretto.sim.FreshImage;
import ristretto.sim.Switching;

/** What one CPU does at whatever moment another one is at. */
class SchedulerRacesTest {
  private static final int SEEDS = 60;
  private static final int ROUNDS = 20;

  @Test
  void noWakeUpIsLost() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      FreshImage.run(Race.class, seed);
    }
  }

  /** One CPU wakes a vCPU while the other one lets go of its registers. */
  static final class Race implements LongConsumer {
    private volatile boolean begun;
    private volatile boolean over;
    private SchedulingBench bench = new SchedulingBench(2);
    private Vcpu[] vcpus = new Vcpu[0];

    @Override
    public void accept(long seed) {
      bench.machine.schedule(Switching.RANDOM, seed);
      bench.machine.runAll(this::wake, this::work);
    }

    private void wake() {
      bench.start();
      Domain domain = bench.domain(1, 2);
      for (Vcpu vcpu : domain.vcpus) {
        Scheduler.setAffinity(vcpu, 2, -1);
      }
      vcpus = domain.vcpus;
      begun = true;
      for (int i = 0; i < ROUNDS; i++) {
        Hint.spin();
        Scheduler.wake(vcpus[0]);
      }
      over = true;
    }

    /** The first vCPU blocks whenever it runs, the second one yields. */
    private void work() {
      while (!begun) {
        Hint.spin();
      }
      Cpu cpu = bench.startOther(1);
      SchedulingBench.start(vcpus[0]);
      SchedulingBench.start(vcpus[1]);
      while (!over) {
        turn(cpu);
      }
      Scheduler.wake(vcpus[0]);
      boolean runs = false;
      for (int i = 0; i < 4; i++) {
        runs |= turn(cpu) == vcpus[0];
      }
      assertTrue(runs, "woken, and " + vcpus[0].residence);
    }

    private Vcpu turn(Cpu cpu) {
      Scheduler.choose(cpu);
      Vcpu running = cpu.servedVcpu();
      if (running == vcpus[0]) {
        Scheduler.block(running);
      } else {
        Scheduler.letOthersRun(cpu);
      }
      return running;
    }
  }

  @Test
  void timesThatAnotherCpuAsksForNeverJump() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      FreshImage.run(Asked.class, seed);
    }
  }

  /** One CPU asks how long a vCPU has run when that stops, after it has run for long. */
  static final class Asked implements LongConsumer {
    private final SchedulingBench bench = new SchedulingBench(2);
    private volatile boolean begun;
    private volatile boolean over;
    private Vcpu[] vcpus = new Vcpu[0];

    @Override
    public void accept(long seed) {
      bench.machine.schedule(Switching.RANDOM, seed);
      bench.machine.runAll(this::ask, this::work);
    }

    private void ask() {
      bench.start();
      Domain domain = bench.domain(1, 2);
      for (Vcpu vcpu : domain.vcpus) {
        Scheduler.setAffinity(vcpu, 2, -1);
      }
      vcpus = domain.vcpus;
      begun = true;
      long last = 0;
      while (!over) {
        Hint.spin();
        long ran = Scheduler.timeRun(vcpus[0]);
        assertTrue(ran >= last, ran + " ns after " + last);
        last = ran;
      }
    }

    private void work() {
      while (!begun) {
        Hint.spin();
      }
      Cpu cpu = bench.startOther(1);
      SchedulingBench.start(vcpus[0]);
      Scheduler.choose(cpu);
      SchedulingBench.start(vcpus[1]);
      for (int i = 0; i < ROUNDS; i++) {
        Hint.spin();
      }
      Scheduler.block(vcpus[0]);
      Scheduler.choose(cpu);
      over = true;
    }
  }
}
