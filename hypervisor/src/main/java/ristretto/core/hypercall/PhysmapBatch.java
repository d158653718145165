package ristretto.core.hypercall;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomainId;
import ristretto.abi.Errno;
import ristretto.abi.Xenmem;
import ristretto.abi.Xenmem.AddToPhysmapBatch;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.GuestMemory;
import ristretto.core.mm.P2mType;
import ristretto.core.trace.Trace;
import ristretto.machine.Memory;

/** XENMEM_add_to_physmap_batch: a page for each of a list, with an error code for each. */
final class PhysmapBatch {
  /** Pages done in one go (SECURITY rule 8). */
  private static final int SLICE = 64;

  private PhysmapBatch() {}

  static long call(Vcpu vcpu, TrapFrame frame) {
    int copied =
        GuestMemory.copyInWithNear(
            vcpu,
            frame.x(1),
            Scratch.argument(),
            AddToPhysmapBatch.SIZEOF,
            AddToPhysmapBatch.IDXS,
            Scratch.buffer());
    if (copied == 0) {
      return Errno.EFAULT;
    }
    AddToPhysmapBatch argument = new AddToPhysmapBatch(Scratch.argument());
    // Linux asks for single pages, and has structure and lists side by side.
    boolean fetched =
        copied == 2 && argument.pages() == 1 && argument.gfns() - argument.indexes() == Long.BYTES;
    Domain domain = Domains.controlled(vcpu, argument.domainId());
    if (domain == null) {
      return Domains.refusal(vcpu, argument.domainId());
    }
    @Nullable Domain foreign = domain; // null: the hypervisor itself
    if (argument.space() == Xenmem.SPACE_GMFN_FOREIGN) {
      foreign = Domains.find(argument.foreignDomainId());
      if (foreign == null && argument.foreignDomainId() != DomainId.XEN) {
        return Errno.ESRCH;
      }
      if (!vcpu.domain.privileged || foreign == domain) {
        return Errno.EPERM;
      }
    } else if (argument.foreignDomainId() != 0) {
      return Errno.EINVAL;
    }
    return pages(vcpu, frame, argument, domain, foreign, fetched);
  }

  private static long pages(
      Vcpu vcpu,
      TrapFrame frame,
      AddToPhysmapBatch argument,
      Domain domain,
      @Nullable Domain foreign,
      boolean fetched) {
    ListPosition position = ListPosition.of(frame);
    long done = position.done();
    if (done > argument.pages()) {
      return Errno.EINVAL;
    }
    long end = Math.min(argument.pages(), done + SLICE);
    for (long at = done; at < end; at++) {
      if (!(fetched || fetch(vcpu, argument, at)) || !page(vcpu, argument, domain, foreign, at)) {
        return Errno.EFAULT;
      }
    }
    return end == argument.pages() ? Errno.OK : position.continueAt(frame, end);
  }

  /** Copies index and frame number of element {@code at} to the buffer. */
  private static boolean fetch(Vcpu vcpu, AddToPhysmapBatch argument, long at) {
    long buffer = Scratch.buffer();
    long offset = at * Long.BYTES;
    return GuestMemory.copyIn(vcpu, argument.indexes() + offset, buffer, Long.BYTES)
        && GuestMemory.copyIn(vcpu, argument.gfns() + offset, buffer + Long.BYTES, Long.BYTES);
  }

  /** Does what has been fetched and tells its result. False: that cannot be written. */
  private static boolean page(
      Vcpu vcpu, AddToPhysmapBatch argument, Domain domain, @Nullable Domain foreign, long at) {
    long buffer = Scratch.buffer();
    long index = Memory.load64(buffer);
    long gfn = Memory.load64(buffer + Long.BYTES);
    long result =
        foreign == domain
            ? MemoryOp.showPage(domain, argument.space(), index, gfn)
            : showForeign(domain, gfn, foreign, index);
    Memory.store32(buffer, (int) result);
    long error = argument.errors() + at * Integer.BYTES;
    return GuestMemory.copyOut(vcpu, error, buffer, Integer.BYTES);
  }

  /** The foreign page cannot change its owner from the look at it on: it is pinned (XSA-473). */
  private static long showForeign(
      Domain domain, long gfn, @Nullable Domain foreign, long foreignGfn) {
    long page = foreign == null ? Trace.reference(foreignGfn) : foreign.p2m.pin(foreignGfn);
    if (page == 0) {
      return Errno.EINVAL;
    }
    long result = domain.p2m.replace(gfn, page >>> Frames.SHIFT, P2mType.FOREIGN);
    if (result != Errno.OK) {
      Frames.dereference(page >>> Frames.SHIFT);
    }
    return result;
  }
}
