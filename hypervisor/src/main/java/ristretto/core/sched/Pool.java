package ristretto.core.sched;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpus;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;

/** CPUs that share ready vCPUs, and the policy for these. Guarded by the scheduler's lock. */
public final class Pool {
  /** Pool-0: every CPU and every domain that is not put elsewhere. */
  public static final Pool FIRST = new Pool(0, (1 << Cpus.MAXIMUM) - 1, new Credit2());

  /** What CPUs that are in no pool are in: no vCPU may run there. */
  static final Pool NONE = new Pool(-1, 0, new NullPolicy());

  /** {@code cpupool_id}. */
  public final int id;

  /** Bit n: CPU n is in it. */
  int cpus;

  Policy policy;

  /** One of each kind, so that none has to be made later. */
  private @Nullable Policy[] policies = new Policy[0];

  /** It has been created, and not destroyed since. */
  boolean exists;

  Pool(int id, int cpus, Policy policy) {
    this.id = id;
    this.cpus = cpus;
    this.policy = policy;
  }

  /** Room for policies of all kinds. */
  @BootOnly
  void makeRoom() {
    policies = new Policy[] {policy, new NullPolicy(), new Rtds(), new Arinc653()};
  }

  /** Begins to exist, with no CPU and the policy of that number; false: there is no such. */
  @Cold
  boolean open(int scheduler) {
    for (int i = 0; i < policies.length; i++) {
      Policy candidate = Objects.requireNonNull(policies[i]);
      if (candidate.id() == scheduler) {
        policy = candidate;
        policy.open();
        exists = true;
        return true;
      }
    }
    return false;
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
