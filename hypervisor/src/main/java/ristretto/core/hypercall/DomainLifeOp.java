package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.DomctlVcpu.MaxVcpus;
import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.DomainLife;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/**
 * The commands of domctl that make, stop and end domains. Called with the lock of {@link
 * ToolstackOp} by {@link DomctlOp}, which has found the domain by its number; the result is an
 * error, 0, or {@link Hypercalls#CONTINUE}, upon which the argument, as it then is, goes back to
 * the caller.
 */
@Cold
final class DomainLifeOp {
  private DomainLifeOp() {}

  /** A domain does none of this to itself: EINVAL, as in Xen. */
  static long call(Vcpu caller, Domain domain, Domctl argument) {
    if (domain.privileged) {
      return Errno.EINVAL;
    }
    return switch (argument.command()) {
      case DomctlCommand.DESTROY_DOMAIN -> finished(DomainEnd.step(domain));
      case DomctlCommand.PAUSE_DOMAIN -> finished(DomainLife.pause(domain)); // then no vCPU runs
      case DomctlCommand.UNPAUSE_DOMAIN -> DomainLife.unpause(domain);
      case DomctlCommand.RESUME_DOMAIN -> resume(domain);
      case DomctlCommand.MAX_VCPUS ->
          DomainLife.addVcpus(domain, new MaxVcpus(argument.payload()).maximum());
      case DomctlCommand.SET_VCPU_CONTEXT -> VcpuContextOp.set(caller, domain, argument);
      case DomctlCommand.GET_VCPU_CONTEXT -> VcpuContextOp.get(caller, domain, argument);
      default -> Errno.ENOSYS;
    };
  }

  private static long finished(boolean done) {
    return done ? Errno.OK : Hypercalls.CONTINUE;
  }

  /** A domain that was shut down to be suspended runs again. */
  private static long resume(Domain domain) {
    domain.resume();
    return Errno.OK;
  }
}
