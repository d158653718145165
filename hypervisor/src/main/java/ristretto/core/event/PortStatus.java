package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.abi.Evtchnop;

/** What EVTCHNOP_status tells of a port. */
public final class PortStatus {
  private PortStatus() {}

  /** EVTCHNOP_status: fills in everything behind the port number. */
  public static long fill(EventChannels events, int port, Evtchnop.Status status) {
    events.lock.lock();
    Port entry = events.ports.at(port); // another domain's port table may be about to go
    boolean exists = entry.exists();
    Link link = exists ? entry.link() : Link.free();
    status.setVcpu(exists ? entry.vcpu() : 0);
    events.lock.unlock();
    if (!exists) {
      return Errno.EINVAL;
    }
    status.clearBinding();
    switch (link.state()) {
      case Link.UNBOUND, Link.HYPERVISOR_UNBOUND -> {
        status.setStatus(Evtchnop.STATUS_UNBOUND);
        status.setRemoteDom(link.remoteDomain());
      }
      case Link.INTERDOMAIN, Link.HYPERVISOR, Link.TO_HYPERVISOR -> {
        status.setStatus(Evtchnop.STATUS_INTERDOMAIN);
        status.setRemoteDom(link.remoteDomain());
        status.setRemotePort(link.remotePort());
      }
      case Link.VIRQ -> {
        status.setStatus(Evtchnop.STATUS_VIRQ);
        status.setVirq(link.virq());
      }
      case Link.IPI -> status.setStatus(Evtchnop.STATUS_IPI);
      default -> status.setStatus(Evtchnop.STATUS_CLOSED);
    }
    return Errno.OK;
  }
}
