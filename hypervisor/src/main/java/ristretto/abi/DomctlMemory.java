package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** The parts of {@link Domctl} that concern memory. {@code xen/include/public/domctl.h}. */
public final class DomctlMemory {
  private DomctlMemory() {}

  @CStruct("struct xen_domctl_max_mem")
  @Unboxed
  public record MaxMem(long address) {
    public static final int MAX_MEMKB = 0; // uint64_t, IN
    public static final int SIZEOF = 8;

    /** KiB. */
    public long kibibytes() {
      return Memory.load64(address + MAX_MEMKB);
    }
  }

  /** get_paging_mempool_size and set_paging_mempool_size. */
  @CStruct("struct xen_domctl_paging_mempool")
  @Unboxed
  public record PagingPool(long address) {
    public static final int SIZE = 0; // uint64_t, IN or OUT
    public static final int SIZEOF = 8;

    /** Bytes. */
    public long bytes() {
      return Memory.load64(address + SIZE);
    }

    public void setBytes(long bytes) {
      Memory.store64(address + SIZE, bytes);
    }
  }

  @CStruct("struct xen_domctl_cacheflush")
  @Unboxed
  public record CacheFlush(long address) {
    public static final int START_PFN = 0; // xen_pfn_t, IN
    public static final int NR_PFNS = 8; // xen_pfn_t, IN
    public static final int SIZEOF = 16;

    public long start() {
      return Memory.load64(address + START_PFN);
    }

    public long count() {
      return Memory.load64(address + NR_PFNS);
    }

    /** What is left, for a continuation. */
    public void setRange(long start, long count) {
      Memory.store64(address + START_PFN, start);
      Memory.store64(address + NR_PFNS, count);
    }
  }
}
