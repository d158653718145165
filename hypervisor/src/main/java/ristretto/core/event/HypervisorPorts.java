package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.lang.Cold;

/**
 * Ports of a domain that the hypervisor serves for it, as the other end of a channel to a daemon:
 * the domain sees them in use, but cannot send through them, close or move them, and its event
 * words for them stay as they are. A domain has one listener for all of them.
 */
@Cold
public final class HypervisorPorts {
  private HypervisorPorts() {}

  /**
   * Opens a port that {@code remote} may bind to.
   *
   * @return the port, or an error
   */
  public static long open(EventChannels events, int remote, PortListener listener) {
    events.lock.lock();
    long port = events.allocate();
    if (port > 0) {
      events.listener = listener;
      events.ports.at((int) port).setLink(Link.hypervisorUnbound(remote));
    }
    events.lock.unlock();
    return port;
  }

  /** Signals whoever has bound to {@code port}. */
  public static void signal(EventChannels events, int port) {
    Link link = link(events, port);
    if (link.state() == Link.HYPERVISOR) {
      Domain remote = Domains.find(link.remoteDomain());
      if (remote != null) {
        Link back = Link.toHypervisor(events.domain.id, port);
        long unused = remote.events.signal(link.remotePort(), back);
      }
    }
  }

  /** {@code sender} sends through its {@code port}, the other end of which is one of these. */
  static long deliver(EventChannels sender, Link link, int port) {
    Domain served = Domains.find(link.remoteDomain());
    if (served != null) {
      PortListener listener = served.events.listener;
      Link there = link(served.events, link.remotePort());
      if (listener != null && there.equalTo(Link.hypervisor(sender.domain.id, port))) {
        listener.signalled();
      }
    }
    return Errno.OK;
  }

  /** Under the lock: the port table of a domain that dies may be about to go. */
  private static Link link(EventChannels events, int port) {
    events.lock.lock();
    Port entry = events.ports.at(port);
    Link link = entry.exists() ? entry.link() : Link.free();
    events.lock.unlock();
    return link;
  }
}
