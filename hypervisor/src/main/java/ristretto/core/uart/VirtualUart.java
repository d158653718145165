package ristretto.core.uart;

import ristretto.abi.Errno;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.event.HypervisorPorts;
import ristretto.core.event.PortListener;
import ristretto.core.interrupt.Vgic;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.vdev.IrqLine;
import ristretto.vdev.MmioDevice;
import ristretto.vdev.uart.Pl011Model;

/**
 * The UART of a domain that was built with {@code vuart="sbsa_uart"}: a PL011, set up as firmware
 * would, so that drivers of Arm's generic UART find what they need and those of a PL011 too. What
 * it sends and receives goes through a page of rings to the console daemon in another domain, which
 * is told, and tells, through an event channel that the hypervisor serves. A byte is on the wire as
 * soon as there is room in the ring; only a full ring fills the transmit FIFO.
 */
@Cold
public final class VirtualUart implements MmioDevice, PortListener {
  /** {@code GUEST_PL011_BASE}. xen/include/public/arch-arm.h. */
  public static final long BASE = 0x2200_0000L;

  /** {@code GUEST_PL011_SIZE}. */
  private static final long SIZE = 0x1000;

  /** {@code GUEST_VPL011_SPI}: INTID of its interrupt. */
  public static final int INTERRUPT = 32;

  private final Domain domain;
  private final SpinLock lock;

  // Guarded by the lock.
  private final RingPage page = new RingPage();
  private final Pl011Model model;

  /** The domain's end of the event channel. Set before the domain runs. */
  private int port;

  @BootOnly
  public VirtualUart(Domain domain) {
    this(domain, new Wire(domain));
  }

  @BootOnly
  VirtualUart(Domain domain, IrqLine interrupt) {
    this.domain = domain;
    this.lock = new SpinLock(LockRank.VIRTUAL_UART, domain);
    this.model = new Pl011Model(interrupt, page);
  }

  /**
   * Gives the domain its UART; it has not run yet. Under the toolstack's lock.
   *
   * @param gfn the domain's page for the rings
   * @param consoleDomain who may bind to the port
   * @return the domain's port; EINVAL if it has a UART already, is without the interrupt or without
   *     such a page; EBUSY if a physical interrupt has that number; ENOSPC, ENOMEM
   */
  public long start(long gfn, int consoleDomain) {
    if (isStarted() || domain.isDying() || domain.vgic.lines() <= INTERRUPT) {
      return Errno.EINVAL;
    }
    if (domain.vgic.isPhysical(INTERRUPT)) {
      return Errno.EBUSY;
    }
    long address = domain.p2m.pin(gfn);
    if (address == 0) {
      return Errno.EINVAL;
    }
    long opened =
        domain.mmio.hasRoom()
            ? HypervisorPorts.open(domain.events, consoleDomain, this)
            : Errno.ENOSPC;
    if (opened < 0) {
      domain.p2m.unpin(address);
      return opened;
    }
    port = (int) opened;
    lock.lock();
    page.attach(address);
    model.resetConfigured();
    lock.unlock();
    boolean unused = domain.mmio.add(BASE, SIZE, this); // nothing else is there, and it has room
    return opened;
  }

  /** The domain has a UART, and {@link #INTERRUPT} is its interrupt's. */
  public boolean isStarted() {
    return page.isAttached();
  }

  /** The domain dies; none of its vCPUs runs and its ports are closed. */
  public void end() {
    lock.lock();
    long address = page.detach();
    lock.unlock();
    if (address != 0) {
      domain.p2m.unpin(address);
    }
  }

  @Override
  public long read(int offset, int size) {
    lock.lock();
    long value = model.read(offset, size);
    boolean moved = receive();
    lock.unlock();
    tell(moved);
    return value;
  }

  @Override
  public void write(int offset, int size, long value) {
    lock.lock();
    model.write(offset, size, value);
    boolean moved = receive();
    lock.unlock();
    tell(moved);
  }

  /** The console daemon has sent something or made room. */
  @Override
  public void signalled() {
    lock.lock();
    boolean moved = false;
    if (page.isAttached()) {
      model.sinkReady();
      moved = receive();
    }
    lock.unlock();
    tell(moved);
  }

  /**
   * Takes from the ring what there is room for: a FIFO's depth at most, whatever the daemon adds.
   */
  private boolean receive() {
    while (model.canReceive() && page.hasInput()) {
      model.receive(page.take());
    }
    return page.hasMoved();
  }

  private void tell(boolean moved) {
    if (moved) {
      HypervisorPorts.signal(domain.events, port);
    }
  }

  /** The level of the domain's SPI; the interrupt controller is told when it changes. */
  private static final class Wire implements IrqLine {
    private final Domain domain;
    private boolean raised;

    Wire(Domain domain) {
      this.domain = domain;
    }

    @Override
    public void set(boolean level) {
      if (level != raised) {
        raised = level;
        Vgic.setLevel(domain.vcpus[0], INTERRUPT, level);
      }
    }
  }
}
