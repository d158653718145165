package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlVcpu.MaxVcpus;
import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.DomainLife;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/**
 * The commands of domctl that make, stop and end domains. Called with the lock of {@link Toolstack}
 * by {@link DomctlOp}, which has found the domain by its number; the result is an error, 0, or
 * {@link Hypercalls#CONTINUE}, upon which the argument, as it then is, goes back to the caller.
 *
 * <p>A domain does none of this to itself: EINVAL, as in Xen.
 */
final class DomainLifeOp {
  private DomainLifeOp() {}

  /** XEN_DOMCTL_createdomain: {@link ristretto.abi.CreateDomain}; answers the domain's number. */
  @Cold
  static long create(Vcpu caller, Domctl argument) {
    return DomainCreation.create(argument);
  }

  /** XEN_DOMCTL_destroydomain: one step of it after the other. */
  @Cold
  static long destroy(Vcpu caller, Domain domain, Domctl argument) {
    if (domain.privileged) {
      return Errno.EINVAL;
    }
    return DomainEnd.step(domain) ? Errno.OK : Hypercalls.CONTINUE;
  }

  /** XEN_DOMCTL_pausedomain: when it is answered no vCPU runs. */
  @Cold
  static long pause(Vcpu caller, Domain domain, Domctl argument) {
    if (domain.privileged) {
      return Errno.EINVAL;
    }
    return DomainLife.pause(domain) ? Errno.OK : Hypercalls.CONTINUE;
  }

  /** XEN_DOMCTL_unpausedomain. */
  @Cold
  static long unpause(Vcpu caller, Domain domain, Domctl argument) {
    return domain.privileged ? Errno.EINVAL : DomainLife.unpause(domain);
  }

  /** XEN_DOMCTL_resumedomain: a domain that was shut down to be suspended runs again. */
  @Cold
  static long resume(Vcpu caller, Domain domain, Domctl argument) {
    if (domain.privileged) {
      return Errno.EINVAL;
    }
    domain.resume();
    return Errno.OK;
  }

  /** XEN_DOMCTL_max_vcpus: {@link MaxVcpus}, as many as at its creation. */
  @Cold
  static long setMaximumVcpus(Vcpu caller, Domain domain, Domctl argument) {
    if (domain.privileged) {
      return Errno.EINVAL;
    }
    return DomainLife.addVcpus(domain, new MaxVcpus(argument.payload()).maximum());
  }

  /** XEN_DOMCTL_setvcpucontext: {@link ristretto.abi.DomctlVcpu.Context}. */
  @Cold
  static long setContext(Vcpu caller, Domain domain, Domctl argument) {
    return VcpuContextOp.set(caller, domain, argument);
  }

  /** XEN_DOMCTL_getvcpucontext: {@link ristretto.abi.DomctlVcpu.Context}. */
  @Cold
  static long getContext(Vcpu caller, Domain domain, Domctl argument) {
    return VcpuContextOp.get(caller, domain, argument);
  }
}
