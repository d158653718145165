package ristretto.core.sched;

import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.Timer;
import ristretto.core.time.TimerQueue;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.SysReg;

/** What a domain is to have of the CPUs. Guarded by the scheduler's lock. */
public final class DomainShare {
  /** {@code CSCHED2_DEFAULT_WEIGHT}, as xl prints it. */
  private static final int DEFAULT_WEIGHT = 256;

  private static final int PERCENT = 100;

  /** The fraction bits of {@link #price}. */
  private static final int PRICE_SHIFT = 16;

  /** Virtual time goes by less than 2^14 times as fast, so that no product overflows. */
  private static final long MOST_PRICE = 1L << 30;

  // Bounds and steps of the patience.
  private static final int PATIENCE_SHIFT = 8;
  private static final int EVEN = 1 << PATIENCE_SHIFT;
  private static final int LEAST_PATIENCE = EVEN - EVEN / 4;
  private static final int MOST_PATIENCE = 2 * EVEN;
  private static final int STEP = EVEN / 64;

  /** What it has not used of a period, it may use later: this part of an allowance at most. */
  private static final int CARRIED = 4;

  final Domain domain;

  /** Whose CPUs it runs on. */
  Pool pool = Pool.FIRST;

  /** Share of the CPUs, relative to other domains'. */
  private int weight;

  /** Percent of one CPU that it may have at most; 0 is no limit. */
  private int cap;

  /** What a tick costs one of its vCPUs by its weight, in units of 1/65536. */
  private long weightPrice;

  /** What it costs now: more where it is its cap that lets the domain have no more. */
  private long price;

  /** With a cap: ticks that it may have in each period, and what is left of them; below 0: owed. */
  private long allowance;

  private long budget;

  /** By how much more than its pace it is charged, in units of 1/256: {@link #endPeriod}. */
  private int patience;

  /** Where its policy's front was when this period began. */
  private long frontBefore;

  /** Counter when the next period begins. */
  private long refillAt;

  private final RefillTimer timer = new RefillTimer(this);

  @BootOnly
  public DomainShare(Domain domain) {
    this.domain = domain;
  }

  /** As a new domain has it. It has no vCPUs. */
  public void reset() {
    pool = Pool.FIRST;
    cap = 0;
    setWeight(DEFAULT_WEIGHT);
  }

  /** It is over and has no vCPUs: what others still map of it does not keep its pool in being. */
  public void leavePool() {
    pool = Pool.FIRST;
  }

  /** Relative to other domains' weights. */
  public int weight() {
    return weight;
  }

  /** Percent of one CPU that it may have at most; 0: no limit. */
  public int cap() {
    return cap;
  }

  /** Whose CPUs it runs on. */
  public Pool pool() {
    return pool;
  }

  boolean isCapped() {
    return cap != 0;
  }

  /**
   * Changes what it is to have, from now on: what has run until now is charged as it was.
   *
   * @param newWeight 1 to 65535
   * @param newCap percent of one CPU, 0 for no limit
   */
  @Cold
  public void set(int newWeight, int newCap) {
    Scheduler.LOCK.lock();
    long now = SysReg.CNTPCT_EL0.read();
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      if (vcpu.residence == Residence.RUNNING) {
        pool.policy.charge(vcpu.candidate, now);
        Placement.ask(vcpu.cpu); // its turn ends at another time now
      }
    }
    setWeight(newWeight);
    if (newCap != cap) {
      setCap(newCap, Credit2.capPeriod(), now);
    }
    Scheduler.LOCK.unlock();
  }

  private void setWeight(int newWeight) {
    weight = newWeight;
    weightPrice = ((long) DEFAULT_WEIGHT << PRICE_SHIFT) / newWeight;
    price = weightPrice;
  }

  /** What one of its vCPUs is charged for {@code ticks}, less than 2^39. */
  @Inline
  long costOf(long ticks) {
    return ticks * price >>> PRICE_SHIFT;
  }

  /** Ticks for which one of its vCPUs is charged {@code credit}, less than 2^39. */
  long ticksFor(long credit) {
    return (credit << PRICE_SHIFT) / price;
  }

  /** It may have {@code percent} of a CPU in each {@code period} ticks. */
  @Cold
  private void setCap(int percent, long period, long now) {
    cap = percent;
    allowance = period * percent / PERCENT;
    budget = allowance;
    patience = EVEN;
    frontBefore = front();
    refillAt = now + period;
    letGo(now);
  }

  /** One of its vCPUs has run. */
  void spend(long ticks) {
    budget -= ticks;
  }

  /** Ticks that it may run on; not above 0: it has to wait. There is a cap. */
  @Cold
  long left(long period, long now) {
    long late = now - refillAt;
    if (late >= 0) {
      long periods = Math.min(late / period + 1, PERCENT);
      refillAt = periods == PERCENT ? now + period : refillAt + periods * period;
      endPeriod(periods * period, now);
      budget = Math.min(budget + periods * allowance, allowance + allowance / CARRIED);
    }
    return budget;
  }

  /**
   * A period is over: sets what a tick costs in the next one. By its weight alone the domain would
   * save up credit while it is held, take with that the CPUs of those without a cap as soon as the
   * next period begins, and leave CPUs idle when it is held again. So its virtual time goes on as
   * fast as the front did, on average, when it has run for all that it may have: those without a
   * cap go first then whenever they are behind. Patience is more than that, for as long as it gets
   * all that it may have nevertheless, and less where it does not.
   */
  private void endPeriod(long elapsed, long now) {
    int wanting = 0;
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      if (vcpu.residence == Residence.RUNNING) {
        pool.policy.charge(vcpu.candidate, now);
      }
      wanting += vcpu.residence == Residence.PARKED ? 0 : 1;
    }
    int step = budget <= 0 ? STEP : (int) -(STEP + 2 * EVEN * budget / allowance);
    patience = Math.min(Math.max(patience + step, LEAST_PATIENCE), MOST_PATIENCE);
    long front = front();
    long moved = Math.min(Math.max(front - frontBefore, 0), elapsed * weightPrice >>> PRICE_SHIFT);
    frontBefore = front;
    long pace = (moved << PRICE_SHIFT) / elapsed * wanting * PERCENT / cap;
    price = Math.min(Math.max(weightPrice, pace * patience >>> PATIENCE_SHIFT), MOST_PRICE);
  }

  private long front() {
    return pool.policy instanceof Credit2 credit2 ? credit2.front() : frontBefore;
  }

  /** A vCPU of it is held: it is let go when there is something again. */
  @Cold
  void awaitRefill() {
    if (!timer.runs) {
      timer.runs = true;
      TimerQueue.arm(timer, refillAt);
    }
  }

  /** Those of its vCPUs that are held may run again. */
  @Cold
  private void letGo(long now) {
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      if (vcpu.residence == Residence.HELD) {
        Placement.place(vcpu, now);
      }
    }
  }

  /** A period begins, and somebody waits for it. */
  private static final class RefillTimer extends Timer {
    private final DomainShare share;
    private boolean runs;

    @BootOnly
    RefillTimer(DomainShare share) {
      this.share = share;
    }

    @Cold
    @Override
    public void fire() {
      Scheduler.LOCK.lock();
      runs = false;
      long now = SysReg.CNTPCT_EL0.read();
      if (share.cap == 0 || share.left(Credit2.capPeriod(), now) > 0) {
        share.letGo(now);
      } else {
        share.awaitRefill();
      }
      Scheduler.LOCK.unlock();
    }
  }
}
