package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Gnttabop.CacheFlush;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.CacheLine;
import ristretto.core.mm.Frames;
import ristretto.core.mm.MemoryAccount;
import ristretto.lang.Bits;
import ristretto.machine.Barrier;
import ristretto.machine.Cache;

/**
 * GNTTABOP_cache_flush: cleans or invalidates the caches over a part of a page, for DMA by a device
 * that does not look into them. Only memory of the caller and what it uses of others' grants; one
 * page a structure, so that a structure is a bounded piece of work.
 */
final class GrantCacheFlush {
  /** Structures done in one go (SECURITY rule 8): 16 pages of cache lines. */
  private static final int SLICE = 16;

  private GrantCacheFlush() {}

  /** x1: structures, x2: their number. */
  static long call(Vcpu vcpu, TrapFrame frame) {
    long guest = frame.x(1);
    long count = Bits.get(frame.x(2), 31, 0);
    int done = 0;
    long result = Errno.OK;
    while (done < Math.min(count, SLICE) && result == Errno.OK) {
      result = flush(vcpu, guest + (long) done * CacheFlush.SIZEOF);
      done++;
    }
    if (result != Errno.OK || done == count) {
      return result;
    }
    frame.setX(1, guest + (long) done * CacheFlush.SIZEOF);
    frame.setX(2, count - done);
    return Hypercalls.CONTINUE;
  }

  private static long flush(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, CacheFlush.SIZEOF)) {
      return Errno.EFAULT;
    }
    CacheFlush argument = new CacheFlush(Scratch.argument());
    int op = argument.op();
    boolean clean = Bits.isSet(op, CacheFlush.CLEAN);
    boolean invalidate = Bits.isSet(op, CacheFlush.INVALIDATE);
    int end = argument.offset() + argument.length();
    boolean inPage = argument.offset() < Frames.SIZE && end <= Frames.SIZE;
    if (!inPage || Bits.get(op, 31, CacheFlush.INVALIDATE + 1) != 0) {
      return Errno.EINVAL;
    }
    if (argument.length() == 0 || (!clean && !invalidate)) {
      return Errno.OK;
    }
    return maintain(vcpu.domain, argument, invalidate);
  }

  private static long maintain(Domain domain, CacheFlush argument, boolean invalidate) {
    long page = hold(domain, argument.busAddress() >>> Frames.SHIFT);
    if (page == 0) {
      return Errno.EPERM;
    }
    long line = CacheLine.shortest();
    long start = Bits.alignDown(page + argument.offset(), line);
    long length = page + argument.offset() + argument.length() - start;
    for (long at = 0; at < length; at += line) {
      if (invalidate) {
        Cache.cleanInvalidate(start + at); // never discards: the guest could uncover old contents
      } else {
        Cache.clean(start + at);
      }
    }
    Barrier.dsbSy(); // completes the maintenance before a device is told to look
    Frames.dereference(page >>> Frames.SHIFT);
    return Errno.OK;
  }

  /**
   * A page of the caller's own, or one that is granted to it and that it uses. Returns its
   * hypervisor address, or 0.
   */
  private static long hold(Domain domain, long frame) {
    long page =
        domain.p2m.pin(frame); // a direct-mapped domain's own: machine frame and guest frame
    if (page != 0) {
      return page;
    }
    MemoryAccount owner = Frames.ownerOf(frame);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain granter = Domains.inSlot(slot);
      if (granter != null && granter.memory == owner) {
        return granter.grants.referenceUsed(frame, domain.id) ? frame << Frames.SHIFT : 0;
      }
    }
    return 0;
  }
}
