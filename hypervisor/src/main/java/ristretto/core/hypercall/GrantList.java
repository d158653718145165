package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Gnttabop.Copy;
import ristretto.abi.Gnttabop.MapGrantRef;
import ristretto.abi.Gnttabop.Status;
import ristretto.abi.Gnttabop.UnmapGrantRef;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;
import ristretto.core.grant.GrantCopy;
import ristretto.core.grant.GrantMapping;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Bits;
import ristretto.lang.NoInline;

/**
 * The operations of grant_table_op on lists: map, unmap, copy. x1: elements, x2: their number. Each
 * element gets its own status (SECURITY rule 4); the call fails only if the list cannot be read or
 * written. Elements are copied in, served and copied out in slices; between two of them x1 and x2
 * name the rest, as in Xen.
 */
final class GrantList {
  /** Elements in one go (SECURITY rule 8): a copy moves a page at most. */
  private static final int SLICE = 16;

  private static final int UNMAP_SLICE = GrantMapping.BATCH;

  /** Frame numbers to unmap are behind the elements. */
  private static final int GFNS = UNMAP_SLICE * UnmapGrantRef.SIZEOF;

  private GrantList() {}

  @NoInline
  static long map(Vcpu vcpu, TrapFrame frame) {
    int count = slice(frame, SLICE);
    long list = Scratch.buffer();
    long bytes = (long) count * MapGrantRef.SIZEOF;
    if (count == 0 || !GuestMemory.copyIn(vcpu, frame.x(1), list, bytes)) {
      return failure(frame);
    }
    for (int i = 0; i < count; i++) {
      GrantMapping.map(vcpu, new MapGrantRef(list + (long) i * MapGrantRef.SIZEOF));
    }
    return next(vcpu, frame, list, count, bytes);
  }

  @NoInline
  static long unmap(Vcpu vcpu, TrapFrame frame) {
    int count = slice(frame, UNMAP_SLICE);
    long list = Scratch.buffer();
    long bytes = (long) count * UnmapGrantRef.SIZEOF;
    if (count == 0 || !GuestMemory.copyIn(vcpu, frame.x(1), list, bytes)) {
      return failure(frame);
    }
    GrantMapping.unmap(vcpu.domain, list, count, list + GFNS);
    return next(vcpu, frame, list, count, bytes);
  }

  /** Arm's guests have no page tables of the hypervisor's in which something could be replaced. */
  @NoInline
  static long unmapAndReplace(Vcpu vcpu, TrapFrame frame) {
    int count = slice(frame, UNMAP_SLICE);
    long list = Scratch.buffer();
    long bytes = (long) count * UnmapGrantRef.SIZEOF; // the two structures differ in a name
    if (count == 0 || !GuestMemory.copyIn(vcpu, frame.x(1), list, bytes)) {
      return failure(frame);
    }
    for (int i = 0; i < count; i++) {
      new UnmapGrantRef(list + (long) i * UnmapGrantRef.SIZEOF).setStatus(Status.GENERAL_ERROR);
    }
    return next(vcpu, frame, list, count, bytes);
  }

  @NoInline
  static long copy(Vcpu vcpu, TrapFrame frame) {
    int count = slice(frame, SLICE);
    long list = Scratch.buffer();
    long bytes = (long) count * Copy.SIZEOF;
    if (count == 0 || !GuestMemory.copyIn(vcpu, frame.x(1), list, bytes)) {
      return failure(frame);
    }
    for (int i = 0; i < count; i++) {
      GrantCopy.copy(vcpu, new Copy(list + (long) i * Copy.SIZEOF));
    }
    return next(vcpu, frame, list, count, bytes);
  }

  /** Elements to do now; 0 when there are none, or too many to count. */
  private static int slice(TrapFrame frame, int most) {
    int count = (int) frame.x(2);
    return count < 0 ? 0 : Math.min(count, most);
  }

  /** Why nothing could be done. */
  private static long failure(TrapFrame frame) {
    int count = (int) frame.x(2);
    if (count == 0) {
      return Errno.OK;
    }
    return count < 0 ? Errno.EINVAL : Errno.EFAULT;
  }

  private static long next(Vcpu vcpu, TrapFrame frame, long list, int done, long bytes) {
    long guest = frame.x(1);
    if (!GuestMemory.copyOut(vcpu, guest, list, bytes)) {
      return Errno.EFAULT;
    }
    long left = Bits.get(frame.x(2), 31, 0) - done;
    if (left == 0) {
      return Errno.OK;
    }
    frame.setX(1, guest + bytes);
    frame.setX(2, left);
    return Hypercalls.CONTINUE;
  }
}
