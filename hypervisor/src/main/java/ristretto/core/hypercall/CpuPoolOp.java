package ristretto.core.hypercall;

import ristretto.abi.DomctlScheduler;
import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlPool;
import ristretto.abi.SysctlPool.Pool;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/** CPU pools: there is one, Pool-0, with every CPU and every domain. */
@Cold
final class CpuPoolOp {
  private static final int POOL_0 = 0;

  private CpuPoolOp() {}

  /** XEN_SYSCTL_cpupool_op. Pools are neither made nor changed. */
  static long call(Vcpu caller, Sysctl argument) {
    Pool pool = new Pool(argument.payload());
    return switch (pool.operation()) {
      case SysctlPool.INFO -> info(caller, pool);
      case SysctlPool.FREE_INFO ->
          CallerBitmap.write(caller, pool.cpus(), 0) ? Errno.OK : Errno.EFAULT;
      case SysctlPool.MOVE_DOMAIN -> move(pool);
      case SysctlPool.CREATE, SysctlPool.DESTROY, SysctlPool.ADD_CPU, SysctlPool.REMOVE_CPU ->
          Errno.EOPNOTSUPP;
      default -> Errno.ENOSYS;
    };
  }

  /** The pool with the lowest number from the given one on. */
  private static long info(Vcpu caller, Pool pool) {
    if (pool.pool() != POOL_0) {
      return Errno.ENOENT;
    }
    int domains = 0;
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      if (Domains.inSlot(slot) != null) {
        domains++;
      }
    }
    pool.set(POOL_0, DomctlScheduler.CREDIT2, domains);
    return CallerBitmap.write(caller, pool.cpus(), AffinityOp.allCpus()) ? Errno.OK : Errno.EFAULT;
  }

  /** Every domain is in Pool-0 already. */
  private static long move(Pool pool) {
    if (Domains.find(pool.domainId()) == null) {
      return Errno.EINVAL; // what the header says of a number of no domain
    }
    return pool.pool() == POOL_0 ? Errno.OK : Errno.ENOENT;
  }

  /** XEN_SYSCTL_scheduler_op. */
  static long schedule(Sysctl argument) {
    SysctlPool.Scheduler parameters = new SysctlPool.Scheduler(argument.payload());
    if (parameters.pool() != POOL_0) {
      return Errno.ESRCH;
    }
    if (parameters.scheduler() != DomctlScheduler.CREDIT2) {
      return Errno.EINVAL;
    }
    return switch (parameters.command()) {
      case SysctlPool.GET_INFO -> {
        parameters.setRateLimit(ristretto.core.sched.Pool.FIRST.rateLimit());
        yield Errno.OK;
      }
      case SysctlPool.PUT_INFO -> setRateLimit(parameters.rateLimit());
      default -> Errno.EINVAL;
    };
  }

  private static long setRateLimit(int microseconds) {
    boolean inRange =
        microseconds >= SysctlPool.RATE_LIMIT_LEAST && microseconds <= SysctlPool.RATE_LIMIT_MOST;
    if (microseconds != 0 && !inRange) {
      return Errno.EINVAL;
    }
    ristretto.core.sched.Pool.FIRST.setRateLimit(microseconds);
    return Errno.OK;
  }
}
