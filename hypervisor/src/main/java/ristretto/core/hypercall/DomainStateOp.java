package ristretto.core.hypercall;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomainId;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlState;
import ristretto.abi.Errno;
import ristretto.abi.Virq;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.Domains;
import ristretto.core.domain.ShutdownReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.event.DomainChanges;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/**
 * XEN_DOMCTL_get_domain_state: of a domain that is named; or, for DOMID_INVALID, of one that has
 * changed since this was asked last, whose number is answered, too. xenstored of Xen 4.21 asks so
 * when VIRQ_DOM_EXC comes.
 */
@Cold
final class DomainStateOp {
  private DomainStateOp() {}

  /** ESRCH for no such domain; who asks for changes without the VIRQ: EACCES; none: ENOENT. */
  static long call(Vcpu caller, Domctl argument) {
    DomctlState state = new DomctlState(argument.payload());
    if (state.pad() != 0) {
      return Errno.EINVAL;
    }
    int id = argument.domainId();
    if (id != DomainId.INVALID) {
      Domain domain = Domains.find(id);
      if (domain == null) {
        return Errno.ESRCH;
      }
      fill(state, domain);
      return Errno.OK;
    }
    if (!caller.domain.events.isBound(Virq.DOM_EXC)) {
      return Errno.EACCES;
    }
    int changed = DomainChanges.take();
    if (changed < 0) {
      return Errno.ENOENT;
    }
    argument.setDomainId(changed);
    fill(state, Domains.find(changed));
    return Errno.OK;
  }

  /** All zero for a domain that is not there any more. */
  private static void fill(DomctlState state, @Nullable Domain domain) {
    if (domain == null) {
      state.set(0, 0, 0);
      return;
    }
    boolean dead = DomainEnd.isDead(domain);
    long bits = Bits.bit(DomctlState.EXISTS);
    bits = Bits.with(bits, DomctlState.SHUT_DOWN, domain.shutdownReason() != ShutdownReason.NONE);
    bits = Bits.with(bits, DomctlState.DYING, domain.isDying() && !dead);
    bits = Bits.with(bits, DomctlState.DEAD, dead);
    long capabilities =
        domain.privileged ? Bits.bit(DomctlState.CONTROL) | Bits.bit(DomctlState.HARDWARE) : 0;
    state.set((int) bits, (int) capabilities, domain.uniqueId);
  }
}
