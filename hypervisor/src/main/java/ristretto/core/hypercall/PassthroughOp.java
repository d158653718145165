package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlDevice.BindInterrupt;
import ristretto.abi.DomctlDevice.IomemPermission;
import ristretto.abi.DomctlDevice.IrqPermission;
import ristretto.abi.DomctlDevice.MemoryMapping;
import ristretto.abi.Errno;
import ristretto.arch.Stage2Descriptor;
import ristretto.core.domain.Domain;
import ristretto.core.domain.MachineDevices;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.core.uart.VirtualUart;
import ristretto.lang.Cold;

/**
 * Devices without DMA for other domains: the right to registers, and then their mapping; interrupts
 * are routed. What can be given at all is fixed while booting. The end of the domain takes
 * everything back.
 */
@Cold
final class PassthroughOp {
  /** Frames that one call maps; more are refused with E2BIG, as in Xen, and the tools ask less. */
  private static final int MOST_FRAMES = 64;

  /** Physical addresses have 48 bits at most. */
  private static final long FRAME_LIMIT = 1L << (48 - Frames.SHIFT);

  private PassthroughOp() {}

  /** XEN_DOMCTL_iomem_permission. */
  static long permitMemory(Domain domain, Domctl argument) {
    IomemPermission right = new IomemPermission(argument.payload());
    long first = right.first();
    long count = right.count();
    if (!isRange(first, count)) {
      return Errno.EINVAL;
    }
    if (!MachineDevices.mayGive(first, count)) {
      return Errno.EPERM;
    }
    if (domain.isDying()) {
      return Errno.EINVAL;
    }
    boolean done =
        right.isAllowed() ? domain.devices.add(first, count) : domain.devices.remove(first, count);
    return done ? Errno.OK : Errno.ENOMEM;
  }

  /**
   * XEN_DOMCTL_irq_permission. The tools ask for it after the binding, which is what gives an
   * interrupt: here as in Xen on Arm the caller's own right to it decides there.
   */
  static long permitInterrupt(Domctl argument) {
    int interrupt = new IrqPermission(argument.payload()).interrupt();
    return MachineDevices.mayGiveInterrupt(interrupt) ? Errno.OK : Errno.EPERM;
  }

  /** XEN_DOMCTL_memory_mapping: all of it or nothing. */
  static long map(Domain domain, Domctl argument) {
    MemoryMapping mapping = new MemoryMapping(argument.payload());
    long gfn = mapping.guestFrame();
    long frame = mapping.machineFrame();
    long count = mapping.count();
    if (!isRange(frame, count) || !isRange(gfn, count)) {
      return Errno.EINVAL;
    }
    if (count > MOST_FRAMES) {
      return Errno.E2BIG;
    }
    if (!MachineDevices.mayGive(frame, count) || !domain.devices.contains(frame, count)) {
      return Errno.EPERM;
    }
    if (!mapping.isAdded()) {
      return unmap(domain, gfn, frame, count);
    }
    return domain.isDying() ? Errno.EINVAL : domain.p2m.mapRange(gfn, frame, count, P2mType.DEVICE);
  }

  private static long unmap(Domain domain, long gfn, long frame, long count) {
    for (long i = 0; i < count; i++) {
      Stage2Descriptor page = domain.p2m.lookup(gfn + i);
      if (page.type() != P2mType.DEVICE || page.address() != (frame + i) << Frames.SHIFT) {
        return Errno.EINVAL;
      }
    }
    long result = Errno.OK;
    for (long i = 0; i < count && result == Errno.OK; i++) {
      result = domain.p2m.unmap(gfn + i, 0);
    }
    return result;
  }

  private static boolean isRange(long first, long count) {
    return first >= 0 && count > 0 && first < FRAME_LIMIT && count <= FRAME_LIMIT - first;
  }

  /** XEN_DOMCTL_bind_pt_irq: an SPI of the machine is the domain's SPI of the same number. */
  static long bind(Domain domain, Domctl argument) {
    BindInterrupt binding = new BindInterrupt(argument.payload());
    long checked = check(binding);
    if (checked != Errno.OK) {
      return checked;
    }
    if (domain.isDying()) {
      return Errno.EINVAL;
    }
    if (domain.uart.isStarted() && binding.guestInterrupt() == VirtualUart.INTERRUPT) {
      return Errno.EBUSY;
    }
    return domain.vgic.giveInterrupt(binding.machineInterrupt()) ? Errno.OK : Errno.EBUSY;
  }

  /** XEN_DOMCTL_unbind_pt_irq. */
  static long unbind(Domain domain, Domctl argument) {
    BindInterrupt binding = new BindInterrupt(argument.payload());
    long checked = check(binding);
    if (checked == Errno.OK) {
      domain.vgic.takeInterrupt(binding.machineInterrupt()); // nothing, if it is another's
    }
    return checked;
  }

  private static long check(BindInterrupt binding) {
    int interrupt = binding.machineInterrupt();
    if (binding.type() != BindInterrupt.TYPE_SPI) {
      return Errno.EOPNOTSUPP;
    }
    if (interrupt != binding.guestInterrupt()) {
      return Errno.EINVAL; // one to one, as in Xen
    }
    return MachineDevices.mayGiveInterrupt(interrupt) ? Errno.OK : Errno.EPERM;
  }
}
