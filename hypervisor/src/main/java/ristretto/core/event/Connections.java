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
      if (accept(remote.events, remotePort, local.id, localPort)) {
        connect(local.events, localPort, Link.interdomain(remote.id, remotePort));
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

  private static boolean accept(EventChannels remote, int port, int domain, int peer) {
    remote.lock.lock();
    Port entry = remote.ports.at(port);
    boolean waiting = entry.exists() && entry.link().equalTo(Link.unbound(domain));
    if (waiting) {
      entry.setLink(Link.interdomain(domain, peer));
    }
    remote.lock.unlock();
    return waiting;
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
    LOCK.lock();
    Port entry = domain.events.ports.at(port);
    boolean open = entry.inUse();
    if (open) {
      disconnect(domain, port, entry.link());
      free(domain.events, port);
    }
    LOCK.unlock();
    return open ? Errno.OK : Errno.EINVAL;
  }

  private static void disconnect(Domain domain, int port, Link link) {
    if (link.state() != Link.INTERDOMAIN) {
      return;
    }
    Domain remote = Domains.find(link.remoteDomain());
    if (remote == null) {
      return;
    }
    EventChannels events = remote.events;
    events.lock.lock();
    Port peer = events.ports.at(link.remotePort());
    if (peer.exists() && peer.link().equalTo(Link.interdomain(domain.id, port))) {
      peer.setLink(Link.unbound(domain.id));
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
   * EVTCHNOP_reset: closes a slice of the domain's ports, and gives up the FIFO ABI once all are
   * closed.
   *
   * @return true when done; otherwise it is to be called again (XSA-344)
   */
  public static boolean reset(Domain domain) {
    return reset(domain, SLICE);
  }

  /** {@link #reset} of at most so many ports. */
  static boolean reset(Domain domain, int slice) {
    EventChannels events = domain.events;
    int port = events.resetAt.get();
    int end = events.ports.end();
    for (int closed = 0; port < end && closed < slice; closed++) {
      close(domain, port);
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
