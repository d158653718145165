package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomctlScheduler;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.SystemTime;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;

/**
 * A fair share by weight, with caps: what Xen calls credit2. The key of a vCPU is its virtual time,
 * how long it has run, slower the more weight it has; the least one runs first, on any CPU of the
 * pool that may run it. Its credit is how far it is behind {@link #front}, the virtual time at
 * which the last one in competition was chosen. Credit is kept within {@link #CREDIT}: who sleeps
 * does not save up for later, and who runs while nobody waits does not run into debt.
 *
 * <p>A woken vCPU takes the CPU of the one that is worst off for credit, though not before that has
 * run for the rate limit. docs/adr/0013.
 */
final class Credit2 extends Policy {
  /** Most credit, and the longest turn while others wait, µs. */
  private static final int CREDIT = 10_000;

  /** The shortest turn without a rate limit, µs. */
  private static final int LEAST_TURN = 500;

  /**
   * Turns are never shorter, whatever the rate limit, µs: two vCPUs whose virtual times are close
   * would take the CPU from each other for ever, each switch being charged to the one that came.
   */
  private static final int SHORTEST_TURN = 50;

  /** A turn that was not charged for: no more is counted, so that nothing overflows. */
  private static final long MOST_TICKS = 1L << 32;

  private static final long NEVER = Long.MAX_VALUE;

  /** {@code sched_ratelimit_us} of pools that are made from now on. */
  private static int initialRateLimit = 1000;

  /** {@code sched_credit2_migrate_resist}, µs. */
  private static int migrateResist = 500;

  /** {@code credit2_cap_period_ms}, in µs. */
  private static int capMicroseconds = 10_000;

  /** The same in ticks, and the most credit. */
  private static long capPeriod;

  private static long resistance;
  private static long credit;

  /** µs. */
  private int rateLimit;

  private long rateLimitTicks;
  private long leastTurn;

  /** The furthest of the fronts, in {@link Candidate#time}. Never goes back. */
  private long front;

  /** Values of the command line, in µs. */
  @BootOnly
  public static void configure(int rateLimit, int resist, int period) {
    initialRateLimit = rateLimit;
    migrateResist = resist;
    capMicroseconds = period;
  }

  @Cold
  @Override
  void open() {
    credit = SystemTime.ticksOfMicroseconds(CREDIT);
    resistance = SystemTime.ticksOfMicroseconds(migrateResist);
    capPeriod = SystemTime.ticksOfMicroseconds(capMicroseconds);
    setRateLimit(initialRateLimit);
  }

  @Override
  int id() {
    return DomctlScheduler.CREDIT2;
  }

  /** Ticks of a period that caps are counted in. */
  static long capPeriod() {
    return capPeriod;
  }

  int rateLimit() {
    return rateLimit;
  }

  @Cold
  void setRateLimit(int microseconds) {
    rateLimit = microseconds;
    rateLimitTicks = SystemTime.ticksOfMicroseconds(Math.max(microseconds, SHORTEST_TURN));
    leastTurn = Math.max(rateLimitTicks, SystemTime.ticksOfMicroseconds(LEAST_TURN));
  }

  @Cold
  @Override
  void restrict(Candidate candidate, int allowed, int preferred) {
    long time = candidate.time();
    candidate.restrict(allowed, preferred);
    Rivals rivals = candidate.rivals;
    keepUp(rivals);
    long key = time - rivals.offset;
    key = key - (rivals.front + credit) > 0 ? rivals.front + credit : key;
    candidate.key = later(key, rivals.front - credit);
  }

  @Override
  void join(Candidate candidate, long now) {
    candidate.key = candidate.rivals.front;
  }

  @Override
  boolean admit(Candidate candidate, long now) {
    return !isExhausted(candidate, now);
  }

  @Override
  void charge(Candidate candidate, long now) {
    DomainShare share = candidate.share;
    if (share.isCapped()) {
      share.allowance.spend(now - candidate.chargedAt);
    }
    candidate.key = keyAt(candidate, now);
    candidate.chargedAt = now;
  }

  /** What a running vCPU's key is by now. */
  @Inline
  private long keyAt(Candidate candidate, long now) {
    long front = candidate.rivals.front;
    long ran = Math.min(now - candidate.chargedAt, MOST_TICKS);
    long key = candidate.key + candidate.share.costOf(ran);
    if (!candidate.vcpu.cpu.contended && key - (front + credit) > 0) {
      key = later(candidate.key, front + credit);
    }
    return later(key, front - credit);
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  @Override
  void contend(Candidate candidate, long now) {
    candidate.key = later(candidate.key, candidate.rivals.front - credit);
    Cpu worst = null;
    long worstTime = 0;
    for (int left = candidate.mask; left != 0; left &= left - 1) {
      int index = Integer.numberOfTrailingZeros(left);
      if (index >= Cpus.count()) {
        break;
      }
      Cpu cpu = Cpus.get(index);
      Vcpu running = cpu.running;
      if (running != null) {
        long time = keyAt(running.candidate, now) + running.candidate.rivals.offset;
        time -= reluctance(candidate, cpu);
        if (worst == null || time - worstTime > 0) {
          worst = cpu;
          worstTime = time;
        }
        if (!cpu.contended) {
          limit(cpu, running.candidate, candidate, now);
        }
      }
    }
    if (worst != null && candidate.time() - worstTime < 0) {
      preempt(worst, now);
    }
  }

  /** Somebody waits now behind the running vCPU: its turn gets an end. */
  private void limit(Cpu cpu, Candidate running, Candidate waiting, long now) {
    if (cpu == Cpu.current()) {
      charge(running, now);
      endTurn(cpu, running, waiting, now);
    } else {
      Placement.ask(cpu); // only that CPU can set its timer
    }
  }

  /** Who waits is better off than the running vCPU, which may have run for too short a time yet. */
  private void preempt(Cpu cpu, long now) {
    Vcpu running = cpu.running;
    long earliest = running == null ? now : running.candidate.startedAt + rateLimitTicks;
    if (cpu == Cpu.current() && earliest - now > 0) {
      cpu.slice.chooseBy(earliest);
    } else {
      Placement.ask(cpu);
    }
  }

  /** How much more credit the candidate has to have to go to {@code cpu}. */
  @Inline
  private static long reluctance(Candidate candidate, Cpu cpu) {
    long resist = cpu == candidate.vcpu.cpu ? 0 : resistance;
    return (candidate.preferred >>> cpu.index & 1) != 0 ? resist : resist + credit;
  }

  @Override
  @Nullable Vcpu choose(Cpu cpu, @Nullable Vcpu running, boolean yielded, long now) {
    Candidate first = Placement.READY.first(cpu);
    if (running != null) {
      Candidate candidate = running.candidate;
      boolean capped = candidate.share.isCapped();
      if (first == null && !capped && !cpu.contended) {
        return running;
      }
      charge(candidate, now);
      if (capped && isExhausted(candidate, now)) {
        Placement.hold(running, now);
      } else if (first == null || keeps(candidate, first, yielded, now)) {
        endTurn(cpu, candidate, first, now);
        return running;
      }
    }
    if (first != null) {
      first = takeFirst(cpu, first, now);
    }
    if (first == null) {
      return null;
    }
    endTurn(cpu, first, Placement.READY.first(cpu), now);
    return first.vcpu;
  }

  private boolean keeps(Candidate running, Candidate first, boolean yielded, long now) {
    if (yielded) {
      return false;
    }
    if (first.time() - running.time() >= 0) {
      advance(running);
      return true;
    }
    return now - running.startedAt < rateLimitTicks;
  }

  /** The first in the queue whose domain may have more, or null. */
  private @Nullable Candidate takeFirst(Cpu cpu, Candidate candidate, long now) {
    Candidate first = candidate;
    while (first != null) {
      Placement.READY.remove(first);
      if (!isExhausted(first, now)) {
        advance(first);
        first.key = later(first.key, first.rivals.front - credit);
        return first;
      }
      Placement.hold(first.vcpu, now);
      first = Placement.READY.first(cpu);
    }
    return null;
  }

  /** {@code chosen} runs, though others wait. */
  private void advance(Candidate chosen) {
    Rivals rivals = chosen.rivals;
    rivals.chosen(chosen);
    long time = rivals.front + rivals.offset;
    if (time - front >= 0) {
      front = time;
    } else if (front - time > credit) {
      keepUp(rivals);
    }
  }

  /**
   * Those who can run only where many others do are not owed more and more by those who can run
   * elsewhere: they are moved on all together, so that their order among themselves stays. Those
   * whose set of CPUs was another pool's before are moved back.
   */
  @Cold
  private void keepUp(Rivals rivals) {
    long behind = front - (rivals.front + rivals.offset);
    rivals.offset += behind < 0 ? behind : Math.max(behind - credit, 0);
  }

  /** Its domain has had what it may have in this period; the next one is waited for. */
  @Inline
  private static boolean isExhausted(Candidate candidate, long now) {
    return candidate.share.isCapped() && awaitsRefill(candidate.share.allowance, now);
  }

  @Cold
  private static boolean awaitsRefill(Allowance allowance, long now) {
    if (allowance.left(now) > 0) {
      return false;
    }
    allowance.awaitRefill();
    return true;
  }

  /** The chosen one runs until the first of those that wait is as far back as it is. */
  private void endTurn(Cpu cpu, Candidate chosen, @Nullable Candidate waiting, long now) {
    cpu.contended = waiting != null;
    long end = NEVER;
    if (waiting != null) {
      long lead = waiting.time() - chosen.time();
      long turn = chosen.share.ticksFor(Math.min(lead, MOST_TICKS));
      end = now + Math.max(Math.min(turn, credit), leastTurn);
      if (lead < 0) {
        end = later(chosen.startedAt + rateLimitTicks, now + 1);
      }
    }
    if (chosen.share.isCapped()) {
      end = Math.min(end, now + chosen.share.allowance.left(now));
    }
    if (end != NEVER) {
      cpu.slice.chooseBy(end);
    }
  }
}
