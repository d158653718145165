package ristretto.core.sched;

import ristretto.core.cpu.Cpus;
import ristretto.lang.Cold;

/** CPUs that share ready vCPUs, and the policy for these. Guarded by the scheduler's lock. */
public final class Pool {
  /** Pool-0: every CPU and every domain that is not put elsewhere. */
  public static final Pool FIRST = new Pool(0, (1 << Cpus.MAXIMUM) - 1, new Credit2());

  /** {@code cpupool_id}. */
  public final int id;

  /** Bit n: CPU n is in it. */
  int cpus;

  Policy policy;

  Pool(int id, int cpus, Policy policy) {
    this.id = id;
    this.cpus = cpus;
    this.policy = policy;
  }

  /**
   * The first pool, as the command line has it. The CPUs are known, and the counter's frequency.
   */
  public static void start() {
    FIRST.cpus = (1 << Cpus.count()) - 1;
    ((Credit2) FIRST.policy).start();
  }

  /** {@code XEN_SCHEDULER_*}. */
  public int scheduler() {
    return policy.id();
  }

  /** Bit n: CPU n is in it. */
  public long cpus() {
    return cpus;
  }

  /** µs that a vCPU may run before another takes its CPU; -1: the policy has no such limit. */
  @Cold
  public int rateLimit() {
    return policy instanceof Credit2 credit2 ? credit2.rateLimit() : -1;
  }

  /** Sets {@link #rateLimit}; 0 is none. */
  @Cold
  public void setRateLimit(int microseconds) {
    Scheduler.LOCK.lock();
    if (policy instanceof Credit2 credit2) {
      credit2.setRateLimit(microseconds);
    }
    Scheduler.LOCK.unlock();
  }
}
