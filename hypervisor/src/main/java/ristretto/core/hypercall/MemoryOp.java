package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Xenmem;
import ristretto.abi.Xenmem.AddToPhysmap;
import ristretto.abi.Xenmem.MemoryDomain;
import ristretto.abi.Xenmem.MemoryReservation;
import ristretto.abi.Xenmem.RemoveFromPhysmap;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.lang.NoInline;

/**
 * memory_op: what is where in a domain's memory. x0: operation, x1: its structure. {@code
 * xen/include/public/memory.h}. Operations on lists go on after an interruption with the index of
 * the next element in the upper bits of x0, as Xen's do: see {@link ListPosition}.
 */
final class MemoryOp {
  private MemoryOp() {}

  @NoInline
  static long call(Vcpu vcpu, TrapFrame frame) {
    long guest = frame.x(1);
    return switch (ListPosition.of(frame).operation()) {
      case Xenmem.ADD_TO_PHYSMAP_BATCH -> PhysmapBatch.call(vcpu, frame);
      case Xenmem.REMOVE_FROM_PHYSMAP -> removeFromPhysmap(vcpu, guest);
      case Xenmem.ADD_TO_PHYSMAP -> addToPhysmap(vcpu, guest);
      case Xenmem.POPULATE_PHYSMAP, Xenmem.DECREASE_RESERVATION -> Reservation.call(vcpu, frame);
      case Xenmem.ACQUIRE_RESOURCE -> ResourceOp.call(vcpu, frame);
      case Xenmem.CLAIM_PAGES -> claim(vcpu, guest);
      case Xenmem.CURRENT_RESERVATION, Xenmem.MAXIMUM_RESERVATION, Xenmem.MAXIMUM_GPFN ->
          ask(vcpu, guest, ListPosition.of(frame).operation());
      case Xenmem.MAXIMUM_RAM_PAGE -> Frames.highestFrame() + 1; // as Xen: the first beyond
      case Xenmem.GET_SHARING_FREED_PAGES, Xenmem.GET_SHARING_SHARED_PAGES -> 0; // none ever is
      case Xenmem.GET_VNUMA_INFO -> Errno.EOPNOTSUPP; // no domain has virtual nodes
      default -> Errno.ENOSYS;
    };
  }

  private static long ask(Vcpu vcpu, long guest, int operation) {
    if (!Scratch.copyArgument(vcpu, guest, MemoryDomain.SIZEOF)) {
      return Errno.EFAULT;
    }
    MemoryDomain argument = new MemoryDomain(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, argument.domainId());
    if (domain == null) {
      return Domains.refusal(vcpu, argument.domainId());
    }
    return switch (operation) {
      case Xenmem.CURRENT_RESERVATION -> domain.memory.memory();
      case Xenmem.MAXIMUM_RESERVATION -> domain.memory.memoryLimit();
      default -> Math.max(0, domain.p2m.highestGfn());
    };
  }

  /** Keeps memory free for a domain that is being built, so that the building cannot fail half. */
  private static long claim(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, MemoryReservation.SIZEOF)) {
      return Errno.EFAULT;
    }
    MemoryReservation argument = new MemoryReservation(Scratch.argument());
    if (!vcpu.domain.privileged) {
      return Errno.EPERM;
    }
    if (argument.extentStart() != 0
        || argument.extentOrder() != 0
        || argument.flags().bits() != 0) {
      return Errno.EINVAL;
    }
    ToolstackOp.LOCK.lock(); // so that its end, which takes the claim back, is not in between
    Domain domain = Domains.named(vcpu, argument.domainId());
    long result;
    if (domain == null) {
      result = Errno.ESRCH;
    } else if (domain.isDying()) {
      result = Errno.EINVAL;
    } else {
      result = Frames.claim(domain.memory, argument.extentCount());
    }
    ToolstackOp.LOCK.unlock();
    return result;
  }

  private static long addToPhysmap(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, AddToPhysmap.SIZEOF)) {
      return Errno.EFAULT;
    }
    AddToPhysmap argument = new AddToPhysmap(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, argument.domainId());
    if (domain == null) {
      return Domains.refusal(vcpu, argument.domainId());
    }
    return showPage(domain, argument.space(), argument.index(), argument.gfn());
  }

  /** Shows one of the hypervisor's own pages to {@code domain} at {@code gfn}. */
  static long showPage(Domain domain, int space, long index, long gfn) {
    return switch (space) {
      case Xenmem.SPACE_SHARED_INFO -> index == 0 ? domain.shared.map(gfn) : Errno.EINVAL;
      case Xenmem.SPACE_GRANT_TABLE -> domain.grants.map(index, gfn);
      default -> Errno.ENOSYS;
    };
  }

  /**
   * Whatever is mapped there is so no more; memory of the domain's own is given back with it,
   * another domain's page is let go. Where nothing is mapped, ENOENT, as Xen says.
   */
  private static long removeFromPhysmap(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, RemoveFromPhysmap.SIZEOF)) {
      return Errno.EFAULT;
    }
    RemoveFromPhysmap argument = new RemoveFromPhysmap(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, argument.domainId());
    if (domain == null) {
      return Domains.refusal(vcpu, argument.domainId());
    }
    return domain.p2m.remove(argument.gfn());
  }
}
