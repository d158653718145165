package ristretto.core.sched;

import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.SysReg;

/** What a domain is to have of the CPUs. Guarded by the scheduler's lock. */
public final class DomainShare {
  /** {@code CSCHED2_DEFAULT_WEIGHT}, as xl prints it. */
  private static final int DEFAULT_WEIGHT = 256;

  /** The fraction bits of {@link #price}. */
  private static final int PRICE_SHIFT = 16;

  /** Virtual time goes by less than 2^14 times as fast, so that no product overflows. */
  private static final long MOST_PRICE = 1L << 30;

  final Domain domain;

  /** Whose CPUs it runs on. */
  Pool pool = Pool.FIRST;

  /** What it has had of its cap. Without one it is not looked at. */
  final Allowance allowance = new Allowance(this);

  /** Share of the CPUs, relative to other domains'. */
  private int weight;

  /** Percent of one CPU that it may have at most; 0 is no limit. */
  private int cap;

  /** What a tick costs one of its vCPUs by its weight, in units of 1/65536. */
  private long weightPrice;

  /** What it costs now: more where it is its cap that lets the domain have no more. */
  private long price;

  @BootOnly
  public DomainShare(Domain domain) {
    this.domain = domain;
  }

  /** As a new domain has it. It has no vCPUs. */
  public void reset() {
    enter(Pool.FIRST);
  }

  /** It has of that pool's CPUs what a new domain has, as with Xen: another had its own shares. */
  void enter(Pool other) {
    pool = other;
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
      cap = newCap;
      allowance.begin(now);
    }
    Scheduler.LOCK.unlock();
  }

  private void setWeight(int newWeight) {
    weight = newWeight;
    weightPrice = ((long) DEFAULT_WEIGHT << PRICE_SHIFT) / newWeight;
    price = weightPrice;
  }

  /**
   * Its virtual time is to go by {@code moved} while one of its vCPUs runs for {@code ticks}, if
   * that is more than by its weight.
   */
  void raisePrice(long moved, long ticks) {
    price = Math.min(Math.max(weightPrice, (moved << PRICE_SHIFT) / ticks), MOST_PRICE);
  }

  /** What one of its vCPUs is charged for {@code ticks}, less than 2^39. */
  @Inline
  long costOf(long ticks) {
    return ticks * price >>> PRICE_SHIFT;
  }

  /** What one of its vCPUs would be charged for {@code ticks}, less than 2^39, without a cap. */
  long costByWeight(long ticks) {
    return ticks * weightPrice >>> PRICE_SHIFT;
  }

  /** Ticks for which one of its vCPUs is charged {@code credit}, less than 2^39. */
  long ticksFor(long credit) {
    return (credit << PRICE_SHIFT) / price;
  }
}
