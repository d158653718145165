package ristretto.core.sched;

import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.Ordered;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;

/**
 * What the scheduler knows of a vCPU. Guarded by the scheduler's lock. Those that wait run in the
 * order of their keys.
 */
public final class Candidate extends Ordered {
  final Vcpu vcpu;

  /** What its domain is to have. */
  final DomainShare share;

  /** Bit n: CPU n may run it. Its hard affinity within its pool, unless its policy says less. */
  int mask;

  /** Those that can run where it can. */
  Rivals rivals = ReadyQueue.NOBODY;

  /** Bit n: CPU n would best run it. A part of {@link #mask}, all of it without a preference. */
  int preferred;

  /** Bit n: CPU n may run it, whether or not its policy lets it. Of a policy with less alone. */
  int allowed;

  /** Bit n: CPU n is of the class that it keeps to. */
  int peers = -1;

  /** Counter when it got its CPU; 0 before it has ever run. */
  long startedAt;

  /** Counter up to when its running has been charged. */
  long chargedAt;

  // Of Rtds: what it is guaranteed, in µs and in ticks, and how far it is with that.
  int periodMicroseconds;
  int budgetMicroseconds;
  long period;
  long fullBudget;
  boolean extraTime;

  /** End of the period that it is in. */
  long deadline;

  /** Ticks that it may run on in this period. */
  long budget;

  /** How often it has used up its budget in this period and gone on in extra time. */
  int level;

  /** It is held until its next period. */
  boolean awaitsPeriod;

  @BootOnly
  public Candidate(Vcpu vcpu) {
    this.vcpu = vcpu;
    this.share = vcpu.domain.share;
  }

  @Inline
  public boolean mayRunOn(Cpu cpu) {
    return (mask >>> cpu.index & 1) != 0;
  }

  /**
   * Where it may run from now on, and where best. It is not in the ready queue.
   *
   * @param allowed bit n: CPU n
   */
  @Cold
  void restrict(int allowed, int best) {
    mask = allowed;
    preferred = best;
    rivals = Placement.READY.rivals(allowed);
  }

  /** Its key, comparable with that of any other candidate of its pool. */
  @Inline
  long time() {
    return key + rivals.offset;
  }

  /** Bit n: CPU n is of the class that it keeps to, from the first time that it runs on. */
  public int peers() {
    return peers;
  }

  /** It has run on CPUs of which none is among these: it cannot go there. */
  boolean isStrangerTo(int cpus) {
    return startedAt != 0 && (peers & cpus) == 0;
  }

  /** The policy of its pool. */
  @Inline
  Policy policy() {
    return share.pool.policy;
  }
}
