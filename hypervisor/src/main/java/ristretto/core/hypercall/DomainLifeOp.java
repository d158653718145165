package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/**
 * The commands of domctl that make, stop and end domains. Called with the lock of {@link Toolstack}
 * by {@link DomctlOp}, which has found the domain by its number; the result is an error, 0, or
 * {@link Hypercalls#CONTINUE}, upon which the argument, as it then is, goes back to the caller.
 */
final class DomainLifeOp {
  private DomainLifeOp() {}

  /** XEN_DOMCTL_createdomain: {@link ristretto.abi.CreateDomain}; answers the domain's number. */
  @Cold
  static long create(Vcpu caller, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_destroydomain. */
  @Cold
  static long destroy(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_pausedomain. */
  @Cold
  static long pause(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_unpausedomain. */
  @Cold
  static long unpause(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_resumedomain: a domain that was shut down to be suspended runs again. */
  @Cold
  static long resume(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_max_vcpus: {@link ristretto.abi.DomctlVcpu.MaxVcpus}. */
  @Cold
  static long setMaximumVcpus(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_setvcpucontext: {@link ristretto.abi.DomctlVcpu.Context}. */
  @Cold
  static long setContext(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }

  /** XEN_DOMCTL_getvcpucontext: {@link ristretto.abi.DomctlVcpu.Context}. */
  @Cold
  static long getContext(Vcpu caller, Domain domain, Domctl argument) {
    return Errno.ENOSYS;
  }
}
