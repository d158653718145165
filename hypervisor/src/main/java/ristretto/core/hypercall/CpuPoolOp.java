package ristretto.core.hypercall;

import org.jspecify.annotations.Nullable;
import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlPool;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Pool;
import ristretto.core.sched.Pools;
import ristretto.lang.Cold;

/** XEN_SYSCTL_cpupool_op: which CPUs are in which pool, and which domains. */
@Cold
final class CpuPoolOp {
  private CpuPoolOp() {}

  static long call(Vcpu caller, Sysctl argument) {
    SysctlPool.Pool request = new SysctlPool.Pool(argument.payload());
    int operation = request.operation();
    if (operation == SysctlPool.INFO) {
      return info(caller, request, Pools.from(request.pool()));
    }
    if (operation == SysctlPool.FREE_INFO) {
      return CallerBitmap.write(caller, request.cpus(), Pools.freeCpus()) ? Errno.OK : Errno.EFAULT;
    }
    if (operation == SysctlPool.CREATE) {
      return create(request);
    }
    Pool pool = Pools.find(request.pool());
    return switch (operation) {
      case SysctlPool.DESTROY -> pool == null ? Errno.ENOENT : Pools.destroy(pool);
      case SysctlPool.ADD_CPU -> pool == null ? Errno.ENOENT : Pools.addCpu(pool, request.cpu());
      case SysctlPool.REMOVE_CPU ->
          pool == null ? Errno.ENOENT : Pools.removeCpu(pool, request.cpu());
      case SysctlPool.MOVE_DOMAIN -> move(request, pool);
      default -> Errno.ENOSYS;
    };
  }

  private static long create(SysctlPool.Pool request) {
    long id = Pools.create(request.pool(), request.scheduler());
    if (id < 0) {
      return id;
    }
    request.setPool((int) id);
    return Errno.OK;
  }

  /** The pool with the lowest number from the given one on. */
  private static long info(Vcpu caller, SysctlPool.Pool request, @Nullable Pool pool) {
    if (pool == null) {
      return Errno.ENOENT;
    }
    request.set(pool.id, pool.scheduler(), Pools.domains(pool));
    return CallerBitmap.write(caller, request.cpus(), pool.cpus()) ? Errno.OK : Errno.EFAULT;
  }

  private static long move(SysctlPool.Pool request, @Nullable Pool pool) {
    Domain domain = Domains.find(request.domainId());
    if (domain == null || domain.privileged) {
      return Errno.EINVAL; // what the header says of a number of no domain, or of one that stays
    }
    return pool == null ? Errno.ENOENT : Pools.move(domain, pool);
  }
}
