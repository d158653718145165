package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Xenmem;
import ristretto.abi.Xenmem.MemoryFlags;
import ristretto.abi.Xenmem.MemoryReservation;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.mm.GuestMemory;
import ristretto.core.mm.P2mType;
import ristretto.lang.Bits;
import ristretto.machine.Memory;

/**
 * XENMEM_populate_physmap and XENMEM_decrease_reservation: memory for, and from, a list of extents
 * of 2^order guest frames each. The ABI reports a failure as a short count: the result is how many
 * extents are done, whatever kept the next from being done.
 */
final class Reservation {
  /**
   * The largest extent that is cleared within one trap: 2 MiB (XSA-31, XSA-158). Only the toolstack
   * gives others more at once, up to 1 GiB, as libxc asks where alignment allows.
   */
  static final int MAX_ORDER = 9;

  /** Frames handled in one go: one extent of the largest order, or as many small ones. */
  private static final int SLICE_FRAMES = 1 << MAX_ORDER;

  private Reservation() {}

  static long call(Vcpu vcpu, TrapFrame frame) {
    ListPosition position = ListPosition.of(frame);
    long done = position.done();
    if (!Scratch.copyArgument(vcpu, frame.x(1), MemoryReservation.SIZEOF)) {
      return done == 0 ? Errno.EFAULT : done;
    }
    MemoryReservation argument = new MemoryReservation(Scratch.argument());
    long count = argument.extentCount();
    int order = argument.extentOrder();
    if (Long.compareUnsigned(count, ListPosition.MOST) > 0
        || Integer.compareUnsigned(order, Frames.MAX_ORDER) > 0
        || !isKnown(argument.flags())
        || done >= count) {
      return done;
    }
    Domain domain = Domains.named(vcpu, argument.domainId());
    if (domain == null) {
      return done;
    }
    if (!Domains.mayControl(vcpu, domain)) {
      return Errno.EPERM;
    }
    boolean populate = position.operation() == Xenmem.POPULATE_PHYSMAP;
    if (order > MAX_ORDER) {
      boolean may = populate && vcpu.domain.privileged && !domain.p2m.isDirectMapped();
      return may ? large(vcpu, frame, domain, argument) : done;
    }
    long end = Math.min(count, done + (SLICE_FRAMES >>> order));
    long reached = slice(vcpu, domain, argument, populate, done, end);
    return reached < end || end == count ? reached : position.continueAt(frame, end);
  }

  /** One node, no frames on demand; address limits are met by memory below 4 GiB or not at all. */
  private static boolean isKnown(MemoryFlags flags) {
    return !flags.unknown() && !flags.populateOnDemand() && flags.nodePlusOne() <= 1; // XSA-231
  }

  /** A step of the next extent, which takes several. */
  private static long large(Vcpu vcpu, TrapFrame frame, Domain domain, MemoryReservation argument) {
    ListPosition position = ListPosition.of(frame);
    long done = position.done();
    int order = argument.extentOrder();
    long count = argument.extentCount();
    long source = argument.extentStart() + done * Long.BYTES;
    long buffer = Scratch.buffer();
    if (!GuestMemory.copyIn(vcpu, source, buffer, Long.BYTES)) {
      return done;
    }
    long gfn = Memory.load64(buffer);
    long result =
        Bits.isAligned(gfn, Bits.bit(order)) ? domain.p2m.populateLarge(gfn, order) : Errno.EINVAL;
    if (result == Errno.OK) {
      done++;
    } else if (result != Errno.EAGAIN) {
      return done;
    }
    return done == count ? done : position.continueAt(frame, done);
  }

  /** Does extents [from, end), at most a slice; returns the first that was not done. */
  private static long slice(
      Vcpu vcpu, Domain domain, MemoryReservation argument, boolean populate, long from, long end) {
    int order = argument.extentOrder();
    long list = Scratch.buffer();
    for (long at = from; at < end; at++) {
      long room = Scratch.BUFFER_SIZE / Long.BYTES;
      long index = (at - from) % room;
      if (index == 0) {
        long bytes = Math.min(end - at, room) * Long.BYTES;
        long source = argument.extentStart() + at * Long.BYTES;
        if (!GuestMemory.copyIn(vcpu, source, list, bytes)) {
          return at;
        }
      }
      long gfn = Memory.load64(list + index * Long.BYTES);
      if (!(populate ? populate(domain, gfn, order) : decrease(domain, gfn, order))) {
        return at;
      }
    }
    return end;
  }

  private static boolean populate(Domain domain, long gfn, int order) {
    if (!Bits.isAligned(gfn, Bits.bit(order))) {
      return false;
    }
    if (domain.p2m.isDirectMapped()) {
      return restore(domain, gfn, order);
    }
    long frame = Frames.allocate(order, domain.memory, FrameType.RAM);
    if (frame < 0) {
      return false;
    }
    if (domain.p2m.map(gfn, frame, order, P2mType.RAM_RW) != Errno.OK) {
      Frames.free(frame, order);
      return false;
    }
    return true;
  }

  /** A direct-mapped domain gets back the very frames that it gave away: they stayed its own. */
  private static boolean restore(Domain domain, long gfn, int order) {
    for (long frame = gfn; frame < gfn + Bits.bit(order); frame++) {
      if (!Frames.isOwnedBy(frame, domain.memory)) {
        return false;
      }
    }
    return domain.p2m.map(gfn, gfn, order, P2mType.RAM_RW) == Errno.OK;
  }

  /** Only the domain's own memory is taken back here. */
  private static boolean decrease(Domain domain, long gfn, int order) {
    return domain.p2m.isMemory(gfn, order) && domain.p2m.discard(gfn, order) == Errno.OK;
  }
}
