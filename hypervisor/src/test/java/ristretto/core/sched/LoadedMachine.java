package ristretto.core.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ristretto.abi.DomctlScheduler;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.time.HeapChecks;
import ristretto.core.time.SystemTime;
import ristretto.core.time.Timer;
import ristretto.core.time.TimerQueue;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.Switching;

/**
 * CPUs that run guests for a time: a guest does nothing but to be there, so that all that happens
 * is what the scheduler does. vCPUs come and go at times that are given beforehand. Inside {@code
 * FreshImage}.
 */
abstract class LoadedMachine implements Runnable {
  private static final double TICKS_PER_MILLISECOND = SimulatedMachine.COUNTER_FREQUENCY / 1000.0;

  final SchedulingBench bench;
  final List<Vcpu> vcpus = new ArrayList<>();

  private final int cpus;
  private final int milliseconds;
  private final List<Event> events = new ArrayList<>();
  private volatile boolean prepared;
  private long start;

  LoadedMachine(int cpus, int milliseconds) {
    this(cpus, milliseconds, DomctlScheduler.CREDIT2);
  }

  /**
   * A machine for so many milliseconds.
   *
   * @param scheduler {@code XEN_SCHEDULER_*} of the first pool
   */
  LoadedMachine(int cpus, int milliseconds, int scheduler) {
    this.cpus = cpus;
    this.milliseconds = milliseconds;
    this.bench = new SchedulingBench(cpus, scheduler);
    bench.machine.schedule(Switching.NEVER, 1).stepLimit(Long.MAX_VALUE);
  }

  /** On CPU 0, before time begins: makes the guests. */
  abstract void prepare();

  /** A CPU goes on with {@code vcpu}, which does this first. */
  void goesOn(Vcpu vcpu) {}

  /** When time is over. */
  abstract void check();

  @Override
  public void run() {
    Runnable[] bodies = new Runnable[cpus];
    for (int i = 0; i < cpus; i++) {
      int index = i;
      bodies[i] = () -> runCpu(index);
    }
    bench.machine.runAll(bodies);
  }

  /** A domain with its vCPUs started, all known to {@link #vcpus}. */
  Domain domain(int count) {
    Domain domain = bench.domain(vcpus.size() + 1, count);
    for (Vcpu vcpu : domain.vcpus) {
      vcpus.add(SchedulingBench.start(vcpu));
    }
    return domain;
  }

  /** {@code vcpu} blocks at a time. */
  void blockAt(double millisecond, Vcpu vcpu) {
    events.add(new Event(millisecond, () -> Scheduler.pause(vcpu, PauseReason.BLOCKED)));
  }

  /** {@code vcpu} wakes at a time. */
  void wakeAt(double millisecond, Vcpu vcpu) {
    events.add(new Event(millisecond, () -> Scheduler.wake(vcpu)));
  }

  /** Something happens at a time, on CPU 0. */
  void at(double millisecond, Runnable action) {
    events.add(new Event(millisecond, action));
  }

  /** Milliseconds that {@code vcpu} has run. */
  static double ran(Vcpu vcpu) {
    return in(vcpu, RunstateInfo.RUNNING);
  }

  /** Milliseconds that {@code vcpu} has been in a state. */
  static double in(Vcpu vcpu, int state) {
    return vcpu.runstate.nanosecondsIn(state, SysReg.CNTPCT_EL0.read()) / 1e6;
  }

  /** Milliseconds since time began. */
  final double now() {
    return (SysReg.CNTPCT_EL0.read() - start) / TICKS_PER_MILLISECOND;
  }

  private void runCpu(int index) {
    if (index == 0) {
      bench.start();
      for (int i = 1; i < cpus; i++) {
        Cpus.get(i).online = true;
      }
      prepare();
      prepared = true;
      start = SysReg.CNTPCT_EL0.read();
      for (Event event : events) {
        TimerQueue.arm(event, start + (long) (event.millisecond * TICKS_PER_MILLISECOND));
      }
    } else {
      while (!prepared) {
        Hint.spin();
      }
      bench.startOther(index);
    }
    long end = start + (long) (milliseconds * TICKS_PER_MILLISECOND);
    TimerQueue.arm(
        new Event(
            milliseconds,
            () -> {
              throw new Over();
            }),
        end);
    try {
      runGuests(Cpu.current());
    } catch (Over over) {
      if (index == 0) {
        bench.machine.observe(this::check);
      }
    }
  }

  private void runGuests(Cpu cpu) {
    while (true) {
      Scheduler.choose(cpu);
      checkOrder();
      goesOn(Objects.requireNonNull(cpu.vcpu));
      while (!cpu.mustReschedule()) {
        Hint.waitForInterrupt();
        Interrupts.handlePending();
      }
    }
  }

  /** Nobody waits behind one who is to run later. */
  private void checkOrder() {
    for (Vcpu vcpu : vcpus) {
      if (vcpu.residence == Residence.QUEUED) {
        HeapChecks.assertInOrder(vcpu.candidate);
      }
    }
  }

  /** The machine's time is over. */
  private static final class Over extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class Event extends Timer {
    private final double millisecond;
    private final Runnable action;

    Event(double millisecond, Runnable action) {
      this.millisecond = millisecond;
      this.action = action;
    }

    @Override
    public void fire() {
      action.run();
    }
  }

  /** Nanoseconds of the machine's clock, for what is measured in them. */
  static long nanoseconds() {
    return SystemTime.now();
  }
}
