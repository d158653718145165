package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.abi.Virq;

/**
 * Bindings within one domain: which ports are open for what, and whom they notify. Each operation
 * takes the event lock of the domain. {@link Connections} binds ports of two domains, and closes.
 *
 * <p>Numbers that come from a guest are checked here; results are {@link Errno}.
 */
public final class Bindings {
  private Bindings() {}

  /** EVTCHNOP_alloc_unbound: a port that {@code remote} may bind to. Returns it, or an error. */
  public static long allocateUnbound(EventChannels events, int remote) {
    events.lock.lock();
    long port = events.allocate();
    if (port > 0) {
      events.ports.at((int) port).setLink(Link.unbound(remote));
    }
    events.lock.unlock();
    return port;
  }

  /** EVTCHNOP_bind_ipi. Returns the port, or an error. */
  public static long bindIpi(EventChannels events, int vcpu) {
    if (!events.hasVcpu(vcpu)) {
      return Errno.ENOENT;
    }
    events.lock.lock();
    long port = events.allocate();
    if (port > 0) {
      Port entry = events.ports.at((int) port);
      entry.setVcpu(vcpu);
      entry.setLink(Link.ipi());
    }
    events.lock.unlock();
    return port;
  }

  /**
   * EVTCHNOP_bind_virq. Returns the port, or an error, which leaves everything as it was (XSA-496).
   */
  public static long bindVirq(EventChannels events, int virq, int vcpu) {
    if (Integer.compareUnsigned(virq, Virq.COUNT) >= 0) {
      return Errno.EINVAL;
    }
    if (Virq.isPrivileged(virq) && !events.domain.privileged) {
      return Errno.EPERM;
    }
    if (!Virq.isPerVcpu(virq) && vcpu != 0) {
      return Errno.EINVAL;
    }
    if (!events.hasVcpu(vcpu)) {
      return Errno.ENOENT;
    }
    events.lock.lock();
    int[] bound = events.virqPortsOf(virq, vcpu);
    long port = bound[virq] != 0 ? Errno.EEXIST : events.allocate();
    if (port > 0) {
      Port entry = events.ports.at((int) port);
      entry.setVcpu(vcpu);
      entry.setLink(Link.virq(virq));
      bound[virq] = (int) port;
    }
    events.lock.unlock();
    if (port > 0 && virq == Virq.DOM_EXC) {
      DomainChanges.beginAnew();
    }
    return port;
  }

  /** EVTCHNOP_bind_vcpu: which vCPU {@code port} notifies from now on. */
  public static long bindVcpu(EventChannels events, int port, int vcpu) {
    if (!events.hasVcpu(vcpu)) {
      return Errno.ENOENT;
    }
    events.lock.lock();
    Port entry = events.ports.at(port);
    boolean movable = entry.inUse() && isMovable(entry.link());
    if (movable) {
      entry.setVcpu(vcpu);
    }
    events.lock.unlock();
    return movable ? Errno.OK : Errno.EINVAL;
  }

  private static boolean isMovable(Link link) {
    return switch (link.state()) {
      case Link.UNBOUND, Link.INTERDOMAIN, Link.TO_HYPERVISOR -> true;
      case Link.VIRQ -> !Virq.isPerVcpu(link.virq());
      default -> false;
    };
  }
}
