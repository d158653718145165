package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomctlScheduler;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.Heap;
import ristretto.core.time.Ordered;
import ristretto.core.time.SystemTime;
import ristretto.core.time.Timer;
import ristretto.core.time.TimerQueue;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * Time that is guaranteed: each vCPU may run for its budget in each of its periods, and who has the
 * earliest deadline, the end of its period, runs first, on any CPU of the pool: global EDF with
 * deferrable servers, what Xen calls RTDS. With extra time a vCPU whose budget is used up goes on,
 * behind all that still have theirs. The key is the deadline, below the level of extra time.
 */
final class Rtds extends Policy {
  /** What Xen gives a new vCPU, µs. */
  static final int DEFAULT_PERIOD = 10_000;

  static final int DEFAULT_BUDGET = 4000;

  /** What Xen accepts, µs. */
  static final int LEAST = 10;

  private static final long NEVER = Long.MAX_VALUE;

  /** A level of extra time: more than the counter moves on in a year. */
  private static final int LEVEL_SHIFT = 56;

  private static final int MOST_LEVEL = 63;

  /** Those that have used up their budget, by the beginning of their next period. */
  private @Nullable Ordered held;

  private final ReplenishTimer timer = new ReplenishTimer(this);

  @BootOnly
  Rtds() {}

  @Override
  int id() {
    return DomctlScheduler.RTDS;
  }

  /** From now on, and in a new period. */
  @Cold
  static void set(Candidate candidate, int period, int budget, boolean extra, long now) {
    candidate.periodMicroseconds = period;
    candidate.budgetMicroseconds = budget;
    candidate.period = SystemTime.ticksOfMicroseconds(period);
    candidate.fullBudget = SystemTime.ticksOfMicroseconds(budget);
    candidate.extraTime = extra;
    begin(candidate, now);
  }

  @Cold
  @Override
  void join(Candidate candidate, long now) {
    set(candidate, DEFAULT_PERIOD, DEFAULT_BUDGET, true, now); // as Xen: nothing is left unused
  }

  private static void begin(Candidate candidate, long now) {
    candidate.deadline = now + candidate.period;
    candidate.budget = candidate.fullBudget;
    candidate.level = 0;
    setKey(candidate);
  }

  private static void setKey(Candidate candidate) {
    candidate.key = ((long) candidate.level << LEVEL_SHIFT) + candidate.deadline;
  }

  /** If its period is over, another one has begun: periods follow each other without a gap. */
  private static boolean renew(Candidate candidate, long now) {
    long late = now - candidate.deadline;
    if (late < 0) {
      return false;
    }
    candidate.deadline += (late / candidate.period + 1) * candidate.period;
    candidate.budget = candidate.fullBudget;
    candidate.level = 0;
    setKey(candidate);
    return true;
  }

  /** It may run: its budget is not used up, or it has extra time. */
  private static boolean mayRun(Candidate candidate, long now) {
    if (!renew(candidate, now) && candidate.budget <= 0 && candidate.extraTime) {
      candidate.level = Math.min(candidate.level + 1, MOST_LEVEL);
      candidate.budget = candidate.fullBudget;
      setKey(candidate);
    }
    return candidate.budget > 0;
  }

  @Override
  boolean admit(Candidate candidate, long now) {
    if (mayRun(candidate, now)) {
      return true;
    }
    awaitPeriod(candidate);
    return false;
  }

  private void awaitPeriod(Candidate candidate) {
    held = Heap.add(held, candidate);
    candidate.awaitsPeriod = true;
    timer.setBy(candidate.deadline);
  }

  /** It is not held any more. */
  @Cold
  @Override
  void forget(Candidate candidate) {
    if (candidate.awaitsPeriod && held != null) {
      held = Heap.remove(held, candidate);
      candidate.awaitsPeriod = false;
    }
  }

  @Override
  void charge(Candidate candidate, long now) {
    candidate.budget -= now - candidate.chargedAt;
    candidate.chargedAt = now;
  }

  @Override
  void contend(Candidate candidate, long now) {
    if (candidate.level != 0) {
      timer.setBy(candidate.deadline); // its guarantee comes back while it waits
    }
    Cpu last = null;
    for (int left = candidate.mask; left != 0; left &= left - 1) {
      int index = Integer.numberOfTrailingZeros(left);
      Vcpu running = index < Cpus.count() ? Cpus.get(index).running : null;
      if (running != null
          && (last == null
              || last.running == null
              || Heap.isBefore(last.running.candidate, running.candidate))) {
        last = Cpus.get(index);
      }
    }
    if (last != null && last.running != null && Heap.isBefore(candidate, last.running.candidate)) {
      Placement.ask(last);
    }
  }

  @Override
  @Nullable Vcpu choose(Cpu cpu, @Nullable Vcpu running, boolean yielded, long now) {
    if (running != null) {
      Candidate candidate = running.candidate;
      charge(candidate, now);
      if (!mayRun(candidate, now)) {
        Placement.hold(running, now);
        awaitPeriod(candidate);
      } else {
        Candidate first = first(cpu, now);
        if (first == null || !Heap.isBefore(first, candidate)) {
          endTurn(cpu, candidate, now);
          return running;
        }
      }
    }
    Candidate first = first(cpu, now);
    if (first == null) {
      return null;
    }
    Placement.READY.remove(first);
    endTurn(cpu, first, now);
    return first.vcpu;
  }

  /** The first in the queue; those whose deadline went by while they waited begin a new period. */
  private static @Nullable Candidate first(Cpu cpu, long now) {
    Candidate first = Placement.READY.first(cpu);
    while (first != null && now - first.deadline >= 0) {
      Placement.READY.remove(first);
      renew(first, now);
      Placement.READY.add(first);
      first = Placement.READY.first(cpu);
    }
    return first;
  }

  private static void endTurn(Cpu cpu, Candidate candidate, long now) {
    cpu.slice.chooseBy(Math.min(now + candidate.budget, candidate.deadline));
  }

  /**
   * Those that wait in extra time and whose next period has begun have their guarantee again.
   *
   * @return when the next of their periods begins
   */
  @Cold
  private long renewWaiting(long now) {
    long next = NEVER;
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      for (int i = 0; domain != null && i < domain.vcpuCount; i++) {
        Candidate candidate = domain.vcpus[i].candidate;
        if (candidate.policy() == this
            && candidate.vcpu.residence == Residence.QUEUED
            && candidate.level != 0) {
          if (now - candidate.deadline >= 0) {
            Placement.READY.remove(candidate);
            renew(candidate, now);
            Placement.place(candidate.vcpu, now);
          } else {
            next = Math.min(next, candidate.deadline);
          }
        }
      }
    }
    return next;
  }

  /** A period begins of somebody that is held, or waits in extra time. */
  private static final class ReplenishTimer extends Timer {
    private final Rtds policy;
    private long end = NEVER;

    @BootOnly
    ReplenishTimer(Rtds policy) {
      this.policy = policy;
    }

    /** Fires at {@code time} at the latest. */
    void setBy(long time) {
      if (time < end) {
        end = time;
        TimerQueue.arm(this, time);
      }
    }

    @Override
    public void fire() {
      Scheduler.LOCK.lock();
      end = NEVER;
      long now = SysReg.CNTPCT_EL0.read();
      Candidate first = (Candidate) policy.held;
      while (first != null && now - first.deadline >= 0) {
        policy.forget(first);
        renew(first, now);
        Placement.place(first.vcpu, now);
        first = (Candidate) policy.held;
      }
      if (first != null) {
        setBy(first.deadline);
      }
      setBy(policy.renewWaiting(now));
      Scheduler.LOCK.unlock();
    }
  }
}
