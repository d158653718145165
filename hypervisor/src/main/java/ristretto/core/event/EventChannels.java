package ristretto.core.event;

import java.util.concurrent.atomic.AtomicInteger;
import ristretto.abi.Errno;
import ristretto.abi.Evtchnop;
import ristretto.abi.Evtchnop.ControlBlock;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.abi.SharedInfo;
import ristretto.abi.VcpuInfo;
import ristretto.abi.Virq;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.sched.Scheduler;
import ristretto.core.time.SystemTime;
import ristretto.core.time.TimerQueue;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.machine.Barrier;
import ristretto.machine.Memory;

/**
 * The event channels of a domain. One lock guards its ports, queues and what its vCPUs are shown; a
 * sender holds the receiver's lock alone, and only while it marks the port pending. Connections
 * between two domains are made and broken by {@link Connections}.
 *
 * <p>Numbers that come from a guest are checked here; results are {@link Errno}.
 */
public final class EventChannels {
  public final Domain domain;

  final SpinLock lock;
  final PortTable ports;

  /** Ports that the domain may have; the toolstack's {@code max_event_channels} plus one. */
  public int maximumPorts = EventWord.CHANNELS;

  private final TwoLevel twoLevel = new TwoLevel();
  private final Fifo fifo;
  private EventAbi abi = twoLevel;
  private EventLine line = new EventInterrupt();

  /** Port of each global VIRQ, 0 when not bound. */
  private final int[] virqPorts = new int[Virq.COUNT];

  /** The domain dies: no port is opened any more. Changed with the lock held. */
  private boolean closed;

  /** vCPUs that may be polling. Changed with the lock held. */
  private int pollers;

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
  private long signal(int port, Link expected) {
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
      wakePollers(port);
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

  // Binding within the domain

  /** EVTCHNOP_alloc_unbound: a port that {@code remote} may bind to. Returns it, or an error. */
  public long allocateUnbound(int remote) {
    lock.lock();
    long port = allocate();
    if (port > 0) {
      ports.at((int) port).setLink(Link.unbound(remote));
    }
    lock.unlock();
    return port;
  }

  /** EVTCHNOP_bind_ipi. Returns the port, or an error. */
  public long bindIpi(int vcpu) {
    if (!hasVcpu(vcpu)) {
      return Errno.ENOENT;
    }
    lock.lock();
    long port = allocate();
    if (port > 0) {
      Port entry = ports.at((int) port);
      entry.setVcpu(vcpu);
      entry.setLink(Link.ipi());
    }
    lock.unlock();
    return port;
  }

  /**
   * EVTCHNOP_bind_virq. Returns the port, or an error, which leaves everything as it was (XSA-496).
   */
  public long bindVirq(int virq, int vcpu) {
    if (Integer.compareUnsigned(virq, Virq.COUNT) >= 0) {
      return Errno.EINVAL;
    }
    if (Virq.isPrivileged(virq) && !domain.privileged) {
      return Errno.EPERM;
    }
    if (!Virq.isPerVcpu(virq) && vcpu != 0) {
      return Errno.EINVAL;
    }
    if (!hasVcpu(vcpu)) {
      return Errno.ENOENT;
    }
    lock.lock();
    int[] bound = virqPortsOf(virq, vcpu);
    long port = bound[virq] != 0 ? Errno.EEXIST : allocate();
    if (port > 0) {
      Port entry = ports.at((int) port);
      entry.setVcpu(vcpu);
      entry.setLink(Link.virq(virq));
      bound[virq] = (int) port;
    }
    lock.unlock();
    return port;
  }

  private int[] virqPortsOf(int virq, int vcpu) {
    return Virq.isPerVcpu(virq) ? domain.vcpus[vcpu].events.virqPorts : virqPorts;
  }

  /** EVTCHNOP_bind_vcpu: which vCPU {@code port} notifies from now on. */
  public long bindVcpu(int port, int vcpu) {
    if (!hasVcpu(vcpu)) {
      return Errno.ENOENT;
    }
    lock.lock();
    Port entry = ports.at(port);
    boolean movable = entry.inUse() && isMovable(entry.link());
    if (movable) {
      entry.setVcpu(vcpu);
    }
    lock.unlock();
    return movable ? Errno.OK : Errno.EINVAL;
  }

  private static boolean isMovable(Link link) {
    return switch (link.state()) {
      case Link.UNBOUND, Link.INTERDOMAIN -> true;
      case Link.VIRQ -> !Virq.isPerVcpu(link.virq());
      default -> false;
    };
  }

  /** EVTCHNOP_set_priority: the FIFO queue that {@code port} goes to when it is raised next. */
  public long setPriority(int port, int priority) {
    if (Integer.compareUnsigned(priority, EventWord.PRIORITY_LOWEST) > 0) {
      return Errno.EINVAL;
    }
    lock.lock();
    Port entry = ports.at(port);
    long result = Errno.EINVAL;
    if (abi != fifo) {
      result = Errno.ENOSYS;
    } else if (entry.inUse()) {
      entry.setPriority(priority);
      result = Errno.OK;
    }
    lock.unlock();
    return result;
  }

  /** EVTCHNOP_status: fills in everything behind the port number. */
  public long status(int port, Evtchnop.Status status) {
    lock.lock();
    Port entry = ports.at(port); // another domain's port table may be about to go
    boolean exists = entry.exists();
    Link link = exists ? entry.link() : Link.free();
    status.setVcpu(exists ? entry.vcpu() : 0);
    lock.unlock();
    if (!exists) {
      return Errno.EINVAL;
    }
    status.clearBinding();
    switch (link.state()) {
      case Link.UNBOUND -> {
        status.setStatus(Evtchnop.STATUS_UNBOUND);
        status.setRemoteDom(link.remoteDomain());
      }
      case Link.INTERDOMAIN -> {
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

  // The FIFO ABI

  /** EVTCHNOP_init_control: the first one switches the domain to the FIFO ABI. */
  public long initControl(int vcpu, long gfn, int offset) {
    if (!hasVcpu(vcpu)) {
      return Errno.ENOENT;
    }
    if (!fitsPage(offset, ControlBlock.SIZEOF)) {
      return Errno.EINVAL;
    }
    VcpuEvents events = domain.vcpus[vcpu].events;
    lock.lock();
    long page = events.controlBlock != 0 ? 0 : domain.p2m.pin(gfn);
    if (page != 0) {
      events.controlBlock = page + offset;
      abi = fifo;
    }
    lock.unlock();
    return page != 0 ? Errno.OK : Errno.EINVAL;
  }

  /** EVTCHNOP_expand_array: a page of event words for the next 1024 ports. */
  public long expandArray(long gfn) {
    lock.lock();
    long result = Errno.EOPNOTSUPP;
    if (abi == fifo) {
      result = fifo.isFull() ? Errno.ENOSPC : expandFifo(gfn);
    }
    lock.unlock();
    return result;
  }

  private long expandFifo(long gfn) {
    long page = domain.p2m.pin(gfn);
    if (page == 0) {
      return Errno.EINVAL;
    }
    int first = fifo.addPage(page);
    if (fifo.hasLate()) {
      raiseLate(first, first + Frames.SIZE / EventWord.SIZEOF);
    }
    return Errno.OK;
  }

  /** Raises again what was raised before its event word was there; at most 1024 ports. */
  private void raiseLate(int first, int end) {
    for (int port = first; port < end; port++) {
      Port entry = ports.at(port);
      if (entry.exists() && entry.raisedLate()) {
        fifo.forgetLate(entry);
        raise(port, entry);
      }
    }
  }

  /** Back to the 2-level ABI, with no port open. */
  void stopFifo() {
    lock.lock();
    if (abi == fifo) {
      for (int i = 0; i < domain.vcpuCount; i++) {
        Vcpu vcpu = domain.vcpus[i];
        if (vcpu.events.controlBlock != 0) {
          domain.p2m.unpin(Bits.alignDown(vcpu.events.controlBlock, Frames.SIZE));
          vcpu.events.forgetQueues();
        }
      }
      fifo.stop();
      abi = twoLevel;
    }
    lock.unlock();
  }

  /**
   * The domain dies, and none of its vCPUs runs: closes its ports, the other ends of which wait for
   * it then, and lets go of every page that showed it something. Stage 2 is there still.
   *
   * @param budget ports to close in this step
   * @return true when done
   */
  public boolean teardown(int budget) {
    lock.lock();
    closed = true;
    lock.unlock();
    if (!Connections.reset(domain, budget)) {
      return false;
    }
    lock.lock();
    for (int i = 0; i < domain.vcpuCount; i++) {
      endVcpu(domain.vcpus[i].events);
    }
    domain.vcpus[0].events.vcpuInfo = 0;
    lock.unlock();
    Connections.freePorts(this);
    for (int i = 0; i < domain.vcpuCount; i++) {
      domain.vcpus[i].runstate.release();
    }
    domain.shared.release();
    return true;
  }

  private void endVcpu(VcpuEvents events) {
    if (events.polledPort != VcpuEvents.NOT_POLLING) {
      events.polledPort = VcpuEvents.NOT_POLLING;
      pollers--;
      TimerQueue.cancel(events.pollTimer);
    }
    if (events.registered) {
      domain.p2m.unpin(Bits.alignDown(events.vcpuInfo, Frames.SIZE));
      events.registered = false;
    }
    events.vcpuInfo = 0;
  }

  // What vCPUs are shown and wait for

  /** VCPUOP_register_vcpu_info: once for each vCPU. */
  public long registerVcpuInfo(Vcpu vcpu, long gfn, int offset) {
    if (!fitsPage(offset, VcpuInfo.SIZEOF)) {
      return Errno.EINVAL;
    }
    VcpuEvents events = vcpu.events;
    lock.lock();
    long page = events.registered ? 0 : domain.p2m.pin(gfn);
    if (page != 0) {
      moveVcpuInfo(events, new VcpuInfo(page + offset));
    }
    lock.unlock();
    return page != 0 ? Errno.OK : Errno.EINVAL;
  }

  /**
   * What was pending in the old place is pending in the new one; the guest is told to look anew.
   */
  private void moveVcpuInfo(VcpuEvents events, VcpuInfo to) {
    if (events.vcpuInfo != 0) {
      Memory.copy(to.address(), events.vcpuInfo, VcpuInfo.SIZEOF);
    } else {
      Memory.zero(to.address(), VcpuInfo.SIZEOF);
    }
    events.vcpuInfo = to.address();
    events.registered = true;
    Memory.store64(to.selector(), -1);
    to.setUpcallPending();
    line.raise(events.vcpu);
  }

  /**
   * SCHEDOP_poll for ports that have been copied in: blocks the running vCPU unless one is pending.
   *
   * @param list hypervisor address of {@code count} port numbers
   * @param deadline system time in ns; 0: none
   * @return 0 when one is pending or the vCPU now waits, or EINVAL
   */
  public long poll(Vcpu vcpu, long list, int count, long deadline) {
    long result = Errno.OK;
    boolean pending = false;
    lock.lock();
    for (int i = 0; i < count && result == Errno.OK && !pending; i++) {
      int port = Memory.load32(list + 4L * i);
      if (!ports.at(port).inUse()) {
        result = Errno.EINVAL;
      } else {
        pending = abi.isPending(port);
      }
    }
    if (result == Errno.OK && !pending) {
      startPolling(vcpu, count == 1 ? Memory.load32(list) : VcpuEvents.ANY_PORT, deadline);
    }
    lock.unlock();
    return result;
  }

  private void startPolling(Vcpu vcpu, int port, long deadline) {
    if (vcpu.events.polledPort == VcpuEvents.NOT_POLLING) {
      pollers++;
    }
    vcpu.events.polledPort = port;
    if (deadline != 0) {
      TimerQueue.arm(vcpu.events.pollTimer, SystemTime.toTicks(deadline));
    }
    block(vcpu);
  }

  /** SCHEDOP_block: the running vCPU waits for an interrupt, unless one is there. */
  public void block(Vcpu vcpu) {
    Scheduler.block(vcpu);
    if (line.isInterrupted(vcpu)) {
      Scheduler.wake(vcpu); // it came before
    }
  }

  /** The vCPU waits no longer: its time is over. */
  public void stopPolling(Vcpu vcpu) {
    lock.lock();
    endPolling(vcpu);
    lock.unlock();
  }

  private void endPolling(Vcpu vcpu) {
    if (vcpu.events.polledPort != VcpuEvents.NOT_POLLING) {
      vcpu.events.polledPort = VcpuEvents.NOT_POLLING;
      pollers--;
      TimerQueue.cancel(vcpu.events.pollTimer);
    }
    Scheduler.wake(vcpu);
  }

  @NoInline
  private void wakePollers(int port) {
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      int polled = vcpu.events.polledPort;
      if (polled == port || polled == VcpuEvents.ANY_PORT) {
        endPolling(vcpu);
      }
    }
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

  boolean hasVcpu(int vcpu) {
    return Integer.compareUnsigned(vcpu, domain.vcpuCount) < 0;
  }

  boolean isPending(int port) {
    return abi.isPending(port);
  }

  boolean isMasked(int port) {
    return abi.isMasked(port);
  }

  private static boolean fitsPage(int offset, int size) {
    return Integer.compareUnsigned(offset, Frames.SIZE - size) <= 0
        && Bits.isAligned(offset, VcpuInfo.ALIGNMENT);
  }
}
