package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;

/**
 * Makes and breaks channels between two domains. One lock for the machine orders these changes, so
 * that the event locks of two domains are never held together: each end is changed under its own
 * lock, and a sender that comes in between finds the ends not naming each other and delivers
 * nothing. The lock is fair and held for two ports at most.
 */
public final class Connections {
  /**
   * Ports closed in one go; a test of the time limit of SECURITY rule 8 stands behind the figure.
   */
  static final int SLICE = 128;

  private static final SpinLock LOCK = new SpinLock(LockRank.EVENT_BINDING);

  private Connections() {}

  /**
   * EVTCHNOP_bind_interdomain: connects a new port of {@code local} with {@code remotePort}, which
   * must wait for it. The new port starts pending, for what was sent before.
   *
   * @return the new port, or an error
   */
  public static long bind(Domain local, Domain remote, int remotePort) {
    LOCK.lock();
    long port = reserve(local.events);
    if (port > 0) {
      int localPort = (int) port;
      Link accepted = accept(remote.events, remotePort, local.id, localPort);
      if (accepted.state() != Link.FREE) {
        connect(local.events, localPort, accepted);
      } else {
        free(local.events, localPort);
        port = Errno.EINVAL;
      }
    }
    LOCK.unlock();
    return port;
  }

  private static long reserve(EventChannels local) {
    local.lock.lock();
    long port = local.allocate();
    local.lock.unlock();
    return port;
  }

  /** Connects the end that waits. Returns the link of the other end, FREE if nothing waits. */
  private static Link accept(EventChannels remote, int port, int domain, int peer) {
    Link accepted = Link.free();
    remote.lock.lock();
    Port entry = remote.ports.at(port);
    if (entry.exists() && entry.link().equalTo(Link.unbound(domain))) {
      entry.setLink(Link.interdomain(domain, peer));
      accepted = Link.interdomain(remote.domain.id, port);
    } else if (entry.exists() && entry.link().equalTo(Link.hypervisorUnbound(domain))) {
      entry.setLink(Link.hypervisor(domain, peer));
      accepted = Link.toHypervisor(remote.domain.id, port);
    }
    remote.lock.unlock();
    return accepted;
  }

  private static void connect(EventChannels local, int port, Link link) {
    local.lock.lock();
    Port entry = local.ports.at(port);
    entry.setLink(link);
    local.raise(port, entry);
    local.lock.unlock();
  }

  private static void free(EventChannels local, int port) {
    local.lock.lock();
    local.release(port, local.ports.at(port));
    local.lock.unlock();
  }

  /** EVTCHNOP_close. The other end of a channel waits for a new connection from this domain. */
  public static long close(Domain domain, int port) {
    return close(domain, port, false);
  }

  /**
   * @param all also one of the {@link HypervisorPorts}
   */
  private static long close(Domain domain, int port, boolean all) {
    LOCK.lock();
    Port entry = domain.events.ports.at(port);
    boolean open = entry.inUse() && (all || !entry.link().isHypervisors());
    if (open) {
      disconnect(domain, port, entry.link());
      free(domain.events, port);
    }
    LOCK.unlock();
    return open ? Errno.OK : Errno.EINVAL;
  }

  private static void disconnect(Domain domain, int port, Link link) {
    switch (link.state()) {
      case Link.INTERDOMAIN ->
          leave(link, Link.interdomain(domain.id, port), Link.unbound(domain.id));
      case Link.HYPERVISOR ->
          leave(link, Link.toHypervisor(domain.id, port), Link.unbound(domain.id));
      case Link.TO_HYPERVISOR ->
          leave(link, Link.hypervisor(domain.id, port), Link.hypervisorUnbound(domain.id));
      default -> {}
    }
  }

  /** The other end of {@code link}, if it is {@code connected} with this one, waits from now on. */
  private static void leave(Link link, Link connected, Link waiting) {
    Domain remote = Domains.find(link.remoteDomain());
    if (remote == null) {
      return;
    }
    EventChannels events = remote.events;
    events.lock.lock();
    Port peer = events.ports.at(link.remotePort());
    if (peer.exists() && peer.link().equalTo(connected)) {
      peer.setLink(waiting);
    }
    events.lock.unlock();
  }

  /** Frees the port table of a domain that can open none any more; all its ports are closed. */
  static void freePorts(EventChannels events) {
    LOCK.lock();
    events.lock.lock();
    events.ports.free();
    events.lock.unlock();
    LOCK.unlock();
  }

  /**
   * EVTCHNOP_reset: closes a slice of the domain's ports, except {@link HypervisorPorts}, and gives
   * up the FIFO ABI once all are closed.
   *
   * @return true when done; otherwise it is to be called again (XSA-344)
   */
  public static boolean reset(Domain domain) {
    return reset(domain, SLICE, false);
  }

  /** The domain dies: {@link #reset} of all ports, at most so many of them. */
  static boolean closeAll(Domain domain, int slice) {
    return reset(domain, slice, true);
  }

  private static boolean reset(Domain domain, int slice, boolean all) {
    EventChannels events = domain.events;
    int port = events.resetAt.get();
    int end = events.ports.end();
    for (int closed = 0; port < end && closed < slice; closed++) {
      close(domain, port, all);
      port = events.ports.skipUnused(port + 1);
    }
    if (port < end) {
      events.resetAt.set(port);
      return false;
    }
    events.resetAt.set(0);
    FifoSetup.stop(events);
    return true;
  }
}
