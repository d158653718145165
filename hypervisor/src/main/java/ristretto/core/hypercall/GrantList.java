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
    int count = copyIn(vcpu, frame, SLICE, MapGrantRef.SIZEOF);
    for (int i = 0; i < count; i++) {
      GrantMapping.map(vcpu, new MapGrantRef(element(i, MapGrantRef.SIZEOF)));
    }
    return next(vcpu, frame, count, MapGrantRef.SIZEOF);
  }

  @NoInline
  static long unmap(Vcpu vcpu, TrapFrame frame) {
    int count = copyIn(vcpu, frame, UNMAP_SLICE, UnmapGrantRef.SIZEOF);
    if (count != 0) {
      long list = Scratch.buffer();
      GrantMapping.unmap(vcpu.domain, list, count, list + GFNS);
    }
    return next(vcpu, frame, count, UnmapGrantRef.SIZEOF);
  }

  /** Arm's guests have no page tables of the hypervisor's in which something could be replaced. */
  @NoInline
  static long unmapAndReplace(Vcpu vcpu, TrapFrame frame) {
    // The two structures differ in a name.
    int count = copyIn(vcpu, frame, UNMAP_SLICE, UnmapGrantRef.SIZEOF);
    for (int i = 0; i < count; i++) {
      new UnmapGrantRef(element(i, UnmapGrantRef.SIZEOF)).setStatus(Status.GENERAL_ERROR);
    }
    return next(vcpu, frame, count, UnmapGrantRef.SIZEOF);
  }

  @NoInline
  static long copy(Vcpu vcpu, TrapFrame frame) {
    int count = copyIn(vcpu, frame, SLICE, Copy.SIZEOF);
    for (int i = 0; i < count; i++) {
      GrantCopy.copy(vcpu, new Copy(element(i, Copy.SIZEOF)));
    }
    return next(vcpu, frame, count, Copy.SIZEOF);
  }

  /**
   * Copies the next elements in.
   *
   * @return how many; 0 when there are none, too many to count, or none to be read
   */
  private static int copyIn(Vcpu vcpu, TrapFrame frame, int most, int size) {
    int count = Math.min((int) frame.x(2), most);
    boolean copied =
        count > 0 && GuestMemory.copyIn(vcpu, frame.x(1), Scratch.buffer(), (long) count * size);
    return copied ? count : 0;
  }

  private static long element(int index, int size) {
    return Scratch.buffer() + (long) index * size;
  }

  /** Copies what was served out and names the rest, or says why nothing could be done. */
  private static long next(Vcpu vcpu, TrapFrame frame, int done, int size) {
    if (done == 0) {
      return failure(frame);
    }
    long guest = frame.x(1);
    long bytes = (long) done * size;
    if (!GuestMemory.copyOut(vcpu, guest, Scratch.buffer(), bytes)) {
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

  private static long failure(TrapFrame frame) {
    int count = (int) frame.x(2);
    if (count == 0) {
      return Errno.OK;
    }
    return count < 0 ? Errno.EINVAL : Errno.EFAULT;
  }
}
