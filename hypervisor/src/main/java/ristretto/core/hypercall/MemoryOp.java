package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Xenmem;
import ristretto.abi.Xenmem.AddToPhysmap;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.PhysmapPages;

/** memory_op. x0: operation, x1: its structure. {@code xen/include/public/memory.h}. */
final class MemoryOp {
  private MemoryOp() {}

  static long call(Vcpu vcpu, TrapFrame frame) {
    long guest = frame.x(1);
    return switch ((int) frame.x(0)) {
      case Xenmem.ADD_TO_PHYSMAP -> addToPhysmap(vcpu, guest);
      case Xenmem.GET_SHARING_FREED_PAGES, Xenmem.GET_SHARING_SHARED_PAGES -> 0; // none ever is
      default -> Errno.ENOSYS;
    };
  }

  private static long addToPhysmap(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, AddToPhysmap.SIZEOF)) {
      return Errno.EFAULT;
    }
    AddToPhysmap argument = new AddToPhysmap(Scratch.argument());
    Domain domain = Domains.named(vcpu, argument.domainId());
    if (domain == null) {
      return Errno.ESRCH;
    }
    if (!Domains.mayControl(vcpu, domain)) {
      return Errno.EPERM;
    }
    return addPage(domain, argument.space(), argument.index(), argument.gfn());
  }

  /** Shows one of the hypervisor's own pages to {@code domain} at {@code gfn}. */
  static long addPage(Domain domain, int space, long index, long gfn) {
    return switch (space) {
      case Xenmem.SPACE_SHARED_INFO -> index == 0 ? addSharedInfo(domain, gfn) : Errno.EINVAL;
      case Xenmem.SPACE_GRANT_TABLE -> domain.grants.map(index, gfn);
      default -> Errno.ENOSYS;
    };
  }

  private static long addSharedInfo(Domain domain, long gfn) {
    return PhysmapPages.show(domain, gfn, domain.shared.frame());
  }
}
