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

  final Domain domain;

  /** Whose CPUs it runs on. */
  Pool pool = Pool.FIRST;

  /** Share of the CPUs, relative to other domains'. */
  private int weight;

  /** Percent of one CPU that it may have at most; 0 is no limit. */
  private int cap;

  /** What a tick costs one of its vCPUs, in units of 1/65536: little with much weight. */
  private long price;

  /** With a cap: ticks that it may have in each period, and what is left of them; below 0: owed. */
  private long allowance;

  private long budget;

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
    price = ((long) DEFAULT_WEIGHT << PRICE_SHIFT) / newWeight;
  }

  /** What one of its vCPUs, with this weight, is charged for {@code ticks}, less than 2^39. */
  @Inline
  long costOf(long ticks) {
    return ticks * price >>> PRICE_SHIFT;
  }

  /** Ticks for which one of its vCPUs, with this weight, is charged {@code credit}. */
  long ticksFor(long credit) {
    return credit * weight / DEFAULT_WEIGHT;
  }

  /** It may have {@code percent} of a CPU in each {@code period} ticks. */
  @Cold
  private void setCap(int percent, long period, long now) {
    cap = percent;
    allowance = period * percent / PERCENT;
    budget = allowance;
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
      long periods = late / period + 1;
      refillAt += periods * period;
      budget = periods > PERCENT ? allowance : Math.min(budget + periods * allowance, allowance);
    }
    return budget;
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
