package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlMemory.CacheFlush;
import ristretto.abi.DomctlMemory.MaxMem;
import ristretto.abi.DomctlMemory.PagingPool;
import ristretto.abi.Errno;
import ristretto.core.domain.Domain;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/** The commands of domctl about a domain's memory. Called as those of {@link DomainLifeOp} are. */
@Cold
final class DomainMemoryOp {
  private static final int FRAMES_PER_KIBIBYTE_SHIFT = Frames.SHIFT - 10;

  /** Pages whose caches are flushed in one go (SECURITY rule 8): 2 MiB. */
  private static final int FLUSH_SLICE = 512;

  private DomainMemoryOp() {}

  /** XEN_DOMCTL_max_mem. What the domain has already stays, even if it is more. */
  static long setMaximum(Domain domain, Domctl argument) {
    long frames = new MaxMem(argument.payload()).kibibytes() >>> FRAMES_PER_KIBIBYTE_SHIFT;
    domain.memory.setMemoryLimit(Math.min(frames, Integer.MAX_VALUE));
    return Errno.OK;
  }

  /**
   * XEN_DOMCTL_cacheflush: what the toolstack wrote into a domain's memory reaches the point of
   * coherency, where the domain looks with its caches off. The argument says what is left.
   *
   * @return OK, CONTINUE; EINVAL for frames beyond what stage 2 translates
   */
  static long flushCaches(Domain domain, Domctl argument) {
    CacheFlush range = new CacheFlush(argument.payload());
    long start = range.start();
    long count = range.count();
    long limit = domain.p2m.gfnLimit();
    if (Long.compareUnsigned(start, limit) > 0 || Long.compareUnsigned(count, limit - start) > 0) {
      return Errno.EINVAL;
    }
    long part = Math.min(count, FLUSH_SLICE);
    domain.p2m.flushCaches(start, start + part);
    if (part == count) {
      return Errno.OK;
    }
    range.setRange(start + part, count - part);
    return Hypercalls.CONTINUE;
  }

  /** XEN_DOMCTL_get_paging_mempool_size: how much stage 2 tables may take, in bytes. */
  static long getPagingPool(Domain domain, Domctl argument) {
    new PagingPool(argument.payload()).setBytes(domain.memory.tableLimit() << Frames.SHIFT);
    return Errno.OK;
  }

  /**
   * XEN_DOMCTL_set_paging_mempool_size: a limit; the tables are taken from free memory when they
   * are needed.
   *
   * @return OK; EINVAL for parts of pages; EBUSY when the tables are larger already
   */
  static long setPagingPool(Domain domain, Domctl argument) {
    long bytes = new PagingPool(argument.payload()).bytes();
    if (!Bits.isAligned(bytes, Frames.SIZE)) {
      return Errno.EINVAL;
    }
    long frames = Math.min(bytes >>> Frames.SHIFT, Integer.MAX_VALUE);
    if (frames < domain.memory.tables()) {
      return Errno.EBUSY;
    }
    domain.memory.setTableLimit(frames);
    return Errno.OK;
  }
}
