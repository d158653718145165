package ristretto.core.sched;

import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.Timer;
import ristretto.core.time.TimerQueue;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * The CPU time that the cap of a domain lets it have: so much in each period, for all of its vCPUs
 * together. Times are ticks of the counter. Guarded by the scheduler's lock.
 */
final class Allowance {
  private static final int PERCENT = 100;

  // Bounds and steps of the patience.
  private static final int PATIENCE_SHIFT = 8;
  private static final int EVEN = 1 << PATIENCE_SHIFT;
  private static final int LEAST_PATIENCE = EVEN - EVEN / 4;
  private static final int MOST_PATIENCE = 2 * EVEN;
  private static final int STEP = EVEN / 64;

  /** What it has not used of a period, it may use later: this part of an allowance at most. */
  private static final int CARRIED = 4;

  private final DomainShare share;
  private final RefillTimer timer = new RefillTimer(this);

  /** What the domain may have in a period. */
  private long full;

  /** What is left of it; below 0: owed. */
  private long left;

  /** By how much more than its pace it is charged, in units of 1/256: {@link #setPrice}. */
  private int patience;

  /** {@link #front} when this period began. */
  private long frontBefore;

  /** Counter when the next period begins. */
  private long refillAt;

  @BootOnly
  Allowance(DomainShare share) {
    this.share = share;
  }

  /** The cap has changed: a period begins. */
  @Cold
  void begin(long now) {
    long period = Credit2.capPeriod();
    full = period * share.cap() / PERCENT;
    left = full;
    patience = EVEN;
    frontBefore = front();
    refillAt = now + period;
    letGo(now);
  }

  /** One of its vCPUs has run. */
  void spend(long ticks) {
    left -= ticks;
  }

  /** What it may run on; not above 0: it has to wait. There is a cap. */
  @Cold
  long left(long now) {
    long late = now - refillAt;
    if (late >= 0) {
      long period = Credit2.capPeriod();
      long periods = Math.min(late / period + 1, PERCENT);
      refillAt = periods == PERCENT ? now + period : refillAt + periods * period;
      setPrice(periods * period, periods * full, now);
      left = Math.min(left + periods * full, full + full / CARRIED);
    }
    return left;
  }

  /**
   * A period is over: sets what a tick costs in the next one. By its weight alone the domain would
   * save up credit while it is held, take with that the CPUs of those without a cap as soon as the
   * next period begins, and leave CPUs idle when it is held again. So its virtual time goes on as
   * fast as the front did, on average, when it has run for all that it may have: those without a
   * cap go first then whenever they are behind. Patience is more than that, for as long as it gets
   * all that it may have nevertheless, and less where it does not.
   *
   * @param elapsed how long it was
   * @param due what the domain was to have in it
   */
  private void setPrice(long elapsed, long due, long now) {
    Domain domain = share.domain;
    int wanting = 0;
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      if (vcpu.residence == Residence.RUNNING) {
        share.pool.policy.charge(vcpu.candidate, now);
      }
      wanting += vcpu.residence == Residence.PARKED ? 0 : 1;
    }
    int step = left <= 0 ? STEP : (int) -(STEP + 2 * EVEN * left / full);
    patience = Math.min(Math.max(patience + step, LEAST_PATIENCE), MOST_PATIENCE);
    long front = front();
    long moved = Math.min(Math.max(front - frontBefore, 0), share.costByWeight(elapsed));
    frontBefore = front;
    share.raisePrice(moved * patience >>> PATIENCE_SHIFT, Math.max(due / Math.max(wanting, 1), 1));
  }

  /** Where those are, on average, that its vCPUs compete with. */
  private long front() {
    Domain domain = share.domain;
    long sum = 0;
    for (int i = 0; i < domain.vcpuCount; i++) {
      sum += domain.vcpus[i].candidate.rivals.front;
    }
    return domain.vcpuCount == 0 ? 0 : sum / domain.vcpuCount;
  }

  /** A vCPU of the domain is held: it is let go when there is something again. */
  @Cold
  void awaitRefill() {
    if (!timer.runs) {
      timer.runs = true;
      TimerQueue.arm(timer, refillAt);
    }
  }

  /** A period has begun, or the cap is another: those that are held may run again. */
  @Cold
  private void letGo(long now) {
    Domain domain = share.domain;
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      if (vcpu.residence == Residence.HELD) {
        Placement.place(vcpu, now);
      }
    }
  }

  private void refill(long now) {
    if (!(share.pool.policy instanceof Credit2)) {
      return; // it has moved meanwhile, and those that are held now are held by that policy
    }
    if (!share.isCapped() || left(now) > 0) {
      letGo(now);
    } else {
      awaitRefill();
    }
  }

  /** A period begins, and somebody waits for it. */
  private static final class RefillTimer extends Timer {
    private final Allowance allowance;
    private boolean runs;

    @BootOnly
    RefillTimer(Allowance allowance) {
      this.allowance = allowance;
    }

    @Cold
    @Override
    public void fire() {
      Scheduler.LOCK.lock();
      runs = false;
      allowance.refill(SysReg.CNTPCT_EL0.read());
      Scheduler.LOCK.unlock();
    }
  }
}
