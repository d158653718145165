package ristretto.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import ristretto.machine.Machine;

/**
 * Lets exactly one CPU run at a time. A CPU may lose its turn at every intrinsic, by policy and
 * seed, so the same seed gives the same run. The boot CPU is the thread that called run; each other
 * CPU is a thread that waits for its baton.
 */
final class Scheduler {
  private static final int MEAN_STEPS_BETWEEN_SWITCHES = 4;
  private static final int MOST_STEPS_HELD_UP = 500;
  private static final int FRAMES_SHOWN = 4;

  /** Ticks that a spinning CPU lets pass when nobody else can run. */
  private static final int SPIN_TICKS = 256;

  /** A CPU as the scheduler sees it. */
  static final class Slot {
    final SimulatedCpu cpu;
    final Semaphore baton = new Semaphore(0);
    State state = State.OFF;
    @Nullable Thread thread;

    Slot(SimulatedCpu cpu) {
      this.cpu = cpu;
    }
  }

  enum State {
    OFF,
    READY,
    WAITING
  }

  private final Clock clock;
  private final List<Slot> slots = new ArrayList<>();
  private Switching switching = Switching.RANDOM;
  private long seed = Long.getLong("ristretto.seed", 1);
  private Random random = new Random(seed);
  private long stepLimit = 200_000_000;
  private int ticksPerStep = 1;

  private long steps;
  private int untilSwitch = 1;
  private boolean ended;
  private boolean joining;
  private boolean observing;

  /** The CPU that runs what is given to {@link #run}. */
  private int bootCpu;

  private @Nullable Throwable failure;

  Scheduler(Clock clock) {
    this.clock = clock;
  }

  void add(SimulatedCpu cpu) {
    slots.add(new Slot(cpu));
  }

  void configure(Switching policy, long newSeed) {
    switching = policy;
    seed = Long.getLong("ristretto.seed", newSeed);
    random = new Random(seed);
  }

  void bootCpu(int index) {
    bootCpu = index;
  }

  void stepLimit(long limit) {
    stepLimit = limit;
  }

  void ticksPerStep(int ticks) {
    ticksPerStep = ticks;
  }

  boolean isOff(int cpu) {
    return slots.get(cpu).state == State.OFF;
  }

  /**
   * Runs {@code body} as the boot CPU; with {@code join}, until every other CPU's code has returned
   * too.
   */
  void run(Runnable body, boolean join) {
    if (ended) {
      throw new IllegalStateException("this simulated machine has ended; make a new one");
    }
    Slot home = slots.get(bootCpu);
    if (home.state != State.OFF) {
      throw new IllegalStateException("the boot CPU runs already");
    }
    home.thread = Thread.currentThread();
    home.state = State.READY;
    steps = 0;
    joining = false;
    Machine.enter(home.cpu);
    try {
      body.run();
      home.state = State.OFF;
      joining = join;
      if (join && !allOff()) {
        handOver(home);
      }
    } catch (SimulationEnd end) {
      // Either the firmware ended the run, or another CPU failed: see below.
    } catch (RuntimeException | Error error) {
      home.state = State.OFF;
      if (allOff()) {
        throw error; // a machine of one CPU can be looked at and used further
      }
      fail(error);
    } finally {
      Machine.enter(null);
      home.state = State.OFF;
      home.thread = null;
      joining = false;
    }
    rethrow();
  }

  /** Starts a CPU that is off; it runs when it gets the baton. */
  void start(int index, Runnable body) {
    Slot slot = slots.get(index);
    slot.state = State.READY;
    slot.thread =
        Thread.ofVirtual()
            .name("cpu " + index)
            .start(() -> {
              slot.baton.acquireUninterruptibly();
              Machine.enter(slot.cpu);
              try {
                checkEnded();
                body.run();
              } catch (SimulationEnd end) {
                // CPU_OFF, or the whole machine has ended.
              } catch (RuntimeException | Error error) {
                fail(error);
              } finally {
                leave(slot);
              }
            });
  }

  /** CPU_OFF: what the calling CPU throws, so that its code ends. */
  SimulationEnd stop() {
    return new SimulationEnd();
  }

  /** Ends the run on all CPUs; the calling one throws what this returns. */
  SimulationEnd end() {
    ended = true;
    releaseAll();
    return new SimulationEnd();
  }

  /** Intrinsics of {@code body} take no step: no time passes and nobody else gets a turn. */
  void observe(Runnable body) {
    observing = true;
    try {
      body.run();
    } finally {
      observing = false;
    }
  }

  /** The CPU sleeps in WFI. */
  boolean isWaiting(int cpu) {
    return slots.get(cpu).state == State.WAITING;
  }

  /** Called at every intrinsic. */
  void step(SimulatedCpu cpu) {
    checkEnded();
    if (observing) {
      return;
    }
    if (++steps > stepLimit) {
      throw new SimulationError(
          "no end after %d steps: livelock?%n%s".formatted(stepLimit, whereabouts()));
    }
    clock.advance(ticksPerStep);
    if (slots.size() > 1 && switching != Switching.NEVER && --untilSwitch <= 0) {
      untilSwitch =
          switching == Switching.ALWAYS
              ? 1
              : 1 + random.nextInt(2 * MEAN_STEPS_BETWEEN_SWITCHES - 1);
      giveWay(slots.get(cpu.index()), switching == Switching.RANDOM);
    }
  }

  /** The CPU spins: another one runs if it can, else time passes. */
  void spin(SimulatedCpu cpu) {
    step(cpu);
    Slot slot = slots.get(cpu.index());
    Slot next = next(slot.cpu.index(), false);
    if (next == null || next == slot) {
      clock.advance(SPIN_TICKS);
    } else {
      pass(slot, next);
    }
  }

  /** The CPU is held up for long, every other time, where switching is random. */
  void holdUp(SimulatedCpu cpu) {
    checkEnded();
    if (!observing && slots.size() > 1 && switching == Switching.RANDOM && random.nextBoolean()) {
      untilSwitch = 1 + random.nextInt(MOST_STEPS_HELD_UP);
      giveWay(slots.get(cpu.index()), false);
    }
  }

  /** WFI. */
  void sleep(SimulatedCpu cpu) {
    step(cpu);
    Slot slot = slots.get(cpu.index());
    slot.state = State.WAITING;
    handOver(slot);
    slot.state = State.READY;
  }

  /** Where each CPU stands, one paragraph a CPU. */
  String whereabouts() {
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(seed).append(", step ").append(steps);
    for (Slot slot : slots) {
      text.append("\n  cpu ").append(slot.cpu.index()).append(' ').append(slot.state);
      Thread thread = slot.thread;
      if (thread != null) {
        int shown = 0;
        for (StackTraceElement frame : thread.getStackTrace()) {
          if (shown < FRAMES_SHOWN && !isMachinery(frame.getClassName())) {
            text.append("\n    at ").append(frame);
            shown++;
          }
        }
      }
    }
    return text.toString();
  }

  static boolean isMachinery(String className) {
    return className.startsWith("ristretto.machine.")
        || className.startsWith("java.")
        || className.startsWith("jdk.")
        || (className.startsWith("ristretto.sim.") && !className.contains("Test"));
  }

  private void giveWay(Slot slot, boolean randomly) {
    Slot next = next(slot.cpu.index(), randomly);
    if (next != null && next != slot) {
      pass(slot, next);
    }
  }

  /** Gives the baton to somebody who can run, letting time pass until somebody can. */
  private void handOver(Slot slot) {
    while (true) {
      Slot next = next(slot.cpu.index(), switching == Switching.RANDOM);
      if (next == slot) {
        return;
      }
      if (next != null) {
        pass(slot, next);
        return;
      }
      if (!clock.skipToNextAlarm()) {
        throw new SimulationError(
            "deadlock: no CPU can run and no timer is set%n%s".formatted(whereabouts()));
      }
    }
  }

  private void pass(Slot from, Slot to) {
    to.baton.release();
    from.baton.acquireUninterruptibly();
    checkEnded();
  }

  /** The thread of a secondary CPU ends; the baton goes on. */
  private void leave(Slot slot) {
    slot.state = State.OFF;
    slot.thread = null;
    Machine.enter(null);
    if (ended) {
      return;
    }
    if (joining && allOff()) {
      slots.get(bootCpu).baton.release();
      return;
    }
    try {
      while (true) {
        Slot next = next(slot.cpu.index(), switching == Switching.RANDOM);
        if (next != null) {
          next.baton.release();
          return;
        }
        if (!clock.skipToNextAlarm()) {
          throw new SimulationError(
              "deadlock: no CPU can run and no timer is set%n%s".formatted(whereabouts()));
        }
      }
    } catch (RuntimeException | Error error) {
      fail(error);
    }
  }

  private @Nullable Slot next(int from, boolean randomly) {
    int start = randomly ? random.nextInt(slots.size()) : from + 1;
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get((start + i) % slots.size());
      if (slot.state == State.READY
          || (slot.state == State.WAITING && slot.cpu.interruptPending())) {
        return slot;
      }
    }
    return null;
  }

  private boolean allOff() {
    for (Slot slot : slots) {
      if (slot.state != State.OFF) {
        return false;
      }
    }
    return true;
  }

  private void checkEnded() {
    if (ended) {
      throw new SimulationEnd();
    }
  }

  private void fail(Throwable error) {
    if (failure == null && !ended) {
      failure = error;
    }
    ended = true;
    releaseAll();
  }

  private void releaseAll() {
    for (Slot slot : slots) {
      slot.baton.release();
    }
  }

  private void rethrow() {
    Throwable error = failure;
    if (error == null) {
      return;
    }
    failure = null;
    if (slots.size() > 1) {
      System.err.println("simulated machine failed; repeat with -Dristretto.seed=" + seed);
      error.addSuppressed(new SimulationError("seed " + seed + ", step " + steps));
    }
    if (error instanceof Error e) {
      throw e;
    }
    throw (RuntimeException) error;
  }
}
