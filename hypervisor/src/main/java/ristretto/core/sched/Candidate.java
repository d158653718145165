package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;

/** What the scheduler knows of a vCPU. Guarded by the scheduler's lock. */
public final class Candidate {
  final Vcpu vcpu;

  /** What its domain is to have. */
  final DomainShare share;

  /** Bit n: CPU n may run it. Its hard affinity within its pool, unless its policy says less. */
  int mask;

  /** Bit n: CPU n would best run it. A part of {@link #mask}, all of it without a preference. */
  int preferred;

  /** Who waits runs in the order of keys; differences count, so that a key may wrap around. */
  long key;

  /** Counter when it got its CPU. */
  long startedAt;

  /** Counter up to when its running has been charged. */
  long chargedAt;

  // Its place in a heap: see Heap.
  @Nullable Candidate left;
  @Nullable Candidate right;
  @Nullable Candidate parent;
  int rank;

  @BootOnly
  public Candidate(Vcpu vcpu) {
    this.vcpu = vcpu;
    this.share = vcpu.domain.share;
  }

  @Inline
  public boolean mayRunOn(Cpu cpu) {
    return (mask >>> cpu.index & 1) != 0;
  }

  /** The policy of its pool. */
  @Inline
  Policy policy() {
    return share.pool.policy;
  }
}
