package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/** The commands of domctl about a domain's memory. Called as those of {@link DomainLifeOp} are. */
final class DomainMemoryOp {
  private DomainMemoryOp() {}

  /** XEN_DOMCTL_max_mem: {@link ristretto.abi.DomctlMemory.MaxMem}. */
  @Cold
  static long setMaximum(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_cacheflush: {@link ristretto.abi.DomctlMemory.CacheFlush}. */
  @Cold
  static long flushCaches(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_get_paging_mempool_size: {@link ristretto.abi.DomctlMemory.PagingPool}. */
  @Cold
  static long getPagingPool(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_set_paging_mempool_size: {@link ristretto.abi.DomctlMemory.PagingPool}. */
  @Cold
  static long setPagingPool(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }
}
