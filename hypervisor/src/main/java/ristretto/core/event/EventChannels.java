package ristretto.core.event;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import ristretto.abi.Errno;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.abi.SharedInfo;
import ristretto.abi.Virq;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.Barrier;

/**
 * The event channels of a domain. One lock guards its ports, queues and what its vCPUs are shown; a
 * sender holds the receiver's lock alone, and only while it marks the port pending. Here is that
 * state, and what makes a port pending. Ports are opened by {@link Bindings}, connected between two
 * domains and closed by {@link Connections}; {@link FifoSetup} chooses how they are shown, and
 * {@link Polling} waits for them.
 *
 * <p>Numbers that come from a guest are checked here; results are {@link Errno}.
 */
public final class EventChannels {
  public final Domain domain;

  final SpinLock lock;
  final PortTable ports;

  /** Ports that the domain may have; the toolstack's {@code max_event_channels} plus one. */
  public int maximumPorts = EventWord.CHANNELS;

  final TwoLevel twoLevel = new TwoLevel();
  final Fifo fifo;

  /** How the guest sees its ports now. Changed with the lock held. */
  EventAbi abi = twoLevel;

  EventLine line = new EventInterrupt();

  /** Port of each global VIRQ, 0 when not bound. */
  private final int[] virqPorts = new int[Virq.COUNT];

  /** Who hears {@link HypervisorPorts}; stays as long as the object. Set with the lock held. */
  volatile @Nullable PortListener listener;

  /** The domain dies: no port is opened any more. Changed with the lock held. */
  boolean closed;

  /** vCPUs that may be polling. Changed with the lock held. */
  int pollers;

  /** Where {@link Connections#reset} goes on. */
  final AtomicInteger resetAt = new AtomicInteger();

  @BootOnly
  public EventChannels(Domain domain) {
    this.domain = domain;
    this.lock = new SpinLock(LockRank.EVENT_CHANNEL, domain);
    this.ports = new PortTable(domain);
    this.fifo = new Fifo(domain);
  }

  /**
   * A new domain gets its shared info page; vCPU 0's vcpu_info is in it until it registers another.
   */
  public void start(SharedInfo shared) {
    lock.lock();
    twoLevel.start(shared);
    closed = false;
    pollers = 0;
    domain.vcpus[0].events.vcpuInfo = firstVcpuInfo();
    lock.unlock();
  }

  /** Where vCPU 0 is shown its events first; 0 while there is no shared info page. */
  long firstVcpuInfo() {
    return domain.shared.isStarted() ? domain.shared.info().vcpu0().address() : 0;
  }

  /** For tests: another interrupt line than the domain's PPI. */
  void setLine(EventLine line) {
    this.line = line;
  }

  // Sending

  /** EVTCHNOP_send: signals the other end of {@code port}. */
  public long send(int port) {
    Port entry = ports.at(port);
    if (!entry.exists()) {
      return Errno.EINVAL;
    }
    Link link = entry.link();
    return switch (link.state()) {
      case Link.INTERDOMAIN -> sendTo(link, port);
      case Link.IPI -> signalOwn(port, entry, link);
      case Link.UNBOUND -> Errno.OK; // nobody is there to hear it
      case Link.TO_HYPERVISOR -> HypervisorPorts.deliver(this, link, port);
      default -> Errno.EINVAL;
    };
  }

  @Inline
  private long sendTo(Link link, int port) {
    Domain remote = Domains.find(link.remoteDomain());
    if (remote != null) {
      return remote.events.signal(link.remotePort(), Link.interdomain(domain.id, port));
    }
    return Errno.OK; // an end that has just been closed hears nothing
  }

  /** {@link #signal} to a port of the domain whose vCPU calls: its entry is there to stay. */
  @Inline
  private long signalOwn(int port, Port entry, Link expected) {
    Barrier.dmbIsh(); // as in signal
    if (!abi.isSettled(port)) {
      lock.lock();
      if (entry.link().equalTo(expected)) {
        raise(port, entry);
      }
      lock.unlock();
    }
    return Errno.OK;
  }

  /** {@link #raiseIf}, unless that would change nothing: an event that is pending stays pending. */
  @Inline
  long signal(int port, Link expected) {
    // Pairs with the guest's: it ends "pending" first and then looks at what the event is about.
    // Either it sees what was written before this call, or the bit is seen cleared here.
    Barrier.dmbIsh();
    return abi.isSettled(port) ? Errno.OK : raiseIf(port, expected);
  }

  /** Raises {@code port} if it is bound as the caller believes. */
  private long raiseIf(int port, Link expected) {
    lock.lock();
    Port entry = ports.at(port);
    if (entry.exists() && entry.link().equalTo(expected)) {
      raise(port, entry);
    }
    lock.unlock();
    return Errno.OK;
  }

  /** Signals a global virtual interrupt; nothing happens if the domain has not bound it. */
  public void sendVirq(int virq) {
    lock.lock();
    raiseIfBound(virqPorts[virq]);
    lock.unlock();
  }

  /** Signals a virtual interrupt of one vCPU; nothing happens if it is not bound there. */
  public void sendVirq(Vcpu vcpu, int virq) {
    lock.lock();
    raiseIfBound(vcpu.events.virqPorts[virq]);
    lock.unlock();
  }

  /** Someone hears this global virtual interrupt. */
  public boolean isBound(int virq) {
    return virqPorts[virq] != 0;
  }

  private void raiseIfBound(int port) {
    if (port != 0) {
      raise(port, ports.at(port));
    }
  }

  /** Makes {@code port} pending and tells its vCPU. The lock is held. */
  void raise(int port, Port entry) {
    VcpuEvents target = domain.vcpus[entry.vcpu()].events;
    int outcome = abi.raise(port, entry, target);
    if (outcome == EventAbi.UPCALL) {
      target.upcall(line);
    }
    if (pollers != 0 && outcome != EventAbi.OLD) {
      Polling.wake(this, port);
    }
  }

  /** EVTCHNOP_unmask. */
  public long unmask(int port) {
    lock.lock();
    Port entry = ports.at(port);
    long result = Errno.EINVAL;
    if (entry.inUse()) {
      VcpuEvents target = domain.vcpus[entry.vcpu()].events;
      if (abi.unmask(port, entry, target) == EventAbi.UPCALL) {
        target.upcall(line);
      }
      result = Errno.OK;
    }
    lock.unlock();
    return result;
  }

  // Ports

  /** A RESERVED port that is not pending, or an error. The lock is held. */
  long allocate() {
    if (closed) {
      return Errno.ESRCH;
    }
    long port = ports.allocate(Math.min(maximumPorts, abi.limit()), abi);
    if (port > 0) {
      abi.clear((int) port);
    }
    return port;
  }

  /** Frees a port of any binding that concerns this domain alone. The lock is held. */
  void release(int port, Port entry) {
    Link link = entry.link();
    if (link.state() == Link.VIRQ) {
      virqPortsOf(link.virq(), entry.vcpu())[link.virq()] = 0;
    }
    fifo.forgetLate(entry);
    abi.clear(port);
    ports.release(port);
  }

  /** Where the ports of {@code virq} are noted: per vCPU, or for the whole domain. */
  int[] virqPortsOf(int virq, int vcpu) {
    return Virq.isPerVcpu(virq) ? domain.vcpus[vcpu].events.virqPorts : virqPorts;
  }

  boolean hasVcpu(int vcpu) {
    return Integer.compareUnsigned(vcpu, domain.vcpuCount) < 0;
  }

  boolean isPending(int port) {
    return abi.isPending(port);
  }

  boolean isMasked(int port) {
    return abi.isMasked(port);
  }
}
