package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;

/**
 * In which order the ready vCPUs of a pool run, and for how long. {@link Scheduler} does the rest:
 * it knows who may run and where, gives a woken vCPU to a CPU that idles, and keeps those that find
 * none in the ready queue, ordered by {@link Candidate#key}. All is called under its lock; times
 * are ticks of the counter.
 */
public abstract class Policy {
  /** {@code XEN_SCHEDULER_*}. */
  abstract int id();

  /** The policy of a pool that begins to exist. The counter's frequency is known. */
  void open() {}

  /** A CPU has come into the pool. */
  void added(int cpu, long now) {}

  /** A vCPU that was held is held no more. */
  void forget(Candidate candidate) {}

  /** A vCPU stops for one of {@code reasons}, not only to wait for an interrupt. It is parked. */
  void rest(Candidate candidate, int reasons, long now) {}

  /** Where a vCPU may run within the pool, and where best, which is a part of that, is known. */
  void restrict(Candidate candidate, int allowed, int preferred) {
    candidate.restrict(allowed, preferred);
    candidate.rivals.offset = 0;
  }

  /** Where a vCPU may run that has a CPU, or is about to leave one, has changed. */
  void resettle(Candidate candidate) {}

  /** A vCPU becomes one of the pool's; its mask is its affinity within the pool. */
  abstract void join(Candidate candidate, long now);

  /** A vCPU, which is in no queue, is the pool's no longer. */
  void part(Candidate candidate, long now) {}

  /**
   * A vCPU may run again.
   *
   * @return false: the policy holds it, and lets it go by {@link Placement#place} later
   */
  abstract boolean admit(Candidate candidate, long now);

  /** A vCPU of the pool has run up to now. */
  abstract void charge(Candidate candidate, long now);

  /** A vCPU is about to come into the ready queue, no CPU idling that may run it. */
  abstract void contend(Candidate candidate, long now);

  /**
   * Chooses for the calling CPU; what comes from the ready queue is taken out of it. A running vCPU
   * that is not chosen has been charged.
   *
   * @param running what it runs and may go on with, or null
   * @param yielded the running vCPU lets others go first
   */
  abstract @Nullable Vcpu choose(Cpu cpu, @Nullable Vcpu running, boolean yielded, long now);
}
