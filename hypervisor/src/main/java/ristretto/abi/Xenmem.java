package ristretto.abi;

import ristretto.lang.Bits;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** {@code XENMEM_*}, sub-operations of memory_op. {@code xen/include/public/memory.h}. */
public final class Xenmem {
  public static final int INCREASE_RESERVATION = 0;
  public static final int DECREASE_RESERVATION = 1;
  public static final int MAXIMUM_RAM_PAGE = 2;
  public static final int CURRENT_RESERVATION = 3;
  public static final int MAXIMUM_RESERVATION = 4;
  public static final int POPULATE_PHYSMAP = 6;
  public static final int ADD_TO_PHYSMAP = 7;
  public static final int MAXIMUM_GPFN = 14;
  public static final int REMOVE_FROM_PHYSMAP = 15;
  public static final int GET_SHARING_FREED_PAGES = 18;
  public static final int GET_SHARING_SHARED_PAGES = 19;
  public static final int ADD_TO_PHYSMAP_BATCH = 23;
  public static final int CLAIM_PAGES = 24;
  public static final int GET_VNUMA_INFO = 26;
  public static final int ACQUIRE_RESOURCE = 28;

  /** {@code XENMAPSPACE_*}: where an added page comes from. */
  public static final int SPACE_SHARED_INFO = 0;

  public static final int SPACE_GRANT_TABLE = 1;
  public static final int SPACE_GMFN = 2;
  public static final int SPACE_GMFN_RANGE = 3;
  public static final int SPACE_GMFN_FOREIGN = 4;
  public static final int SPACE_DEV_MMIO = 5;

  /** {@code XENMAPIDX_grant_table_status}: asks for a status frame of grant table version 2. */
  public static final long INDEX_GRANT_TABLE_STATUS = Bits.bit(31);

  /** {@code XENMEM_resource_grant_table}: a type of resource. */
  public static final int RESOURCE_GRANT_TABLE = 1;

  /** {@code XENMEM_resource_grant_table_id_shared}. */
  public static final int RESOURCE_GRANT_TABLE_SHARED = 0;

  private Xenmem() {}

  @CStruct("struct xen_memory_reservation")
  @Unboxed
  public record MemoryReservation(long address) {
    public static final int EXTENT_START = 0; // XEN_GUEST_HANDLE(xen_pfn_t), IN and OUT
    public static final int NR_EXTENTS = 8; // xen_ulong_t, IN
    public static final int EXTENT_ORDER = 16; // unsigned int, IN
    public static final int MEM_FLAGS = 20; // unsigned int, IN: XENMEMF_*
    public static final int DOMID = 24; // domid_t, IN
    public static final int SIZEOF = 32;

    public long extentStart() {
      return Memory.load64(address + EXTENT_START);
    }

    public long extentCount() {
      return Memory.load64(address + NR_EXTENTS);
    }

    public int extentOrder() {
      return Memory.load32(address + EXTENT_ORDER);
    }

    public MemoryFlags flags() {
      return new MemoryFlags(Memory.load32(address + MEM_FLAGS));
    }

    public int domainId() {
      return Memory.load16(address + DOMID);
    }
  }

  /** {@code XENMEMF_*}. */
  @Unboxed
  public record MemoryFlags(int bits) {
    /** {@code XENMEMF_address_bits}, [7:0]: the frames' addresses fit so many bits; 0 is any. */
    public int addressBits() {
      return Bits.get(bits, 7, 0);
    }

    /** {@code XENMEMF_node}, [15:8]: 0 is no preference, otherwise the node plus one. */
    public int nodePlusOne() {
      return Bits.get(bits, 15, 8);
    }

    /** {@code XENMEMF_populate_on_demand}. */
    public boolean populateOnDemand() {
      return Bits.isSet(bits, 16);
    }

    /** Bits that no flag uses; {@code XENMEMF_vnode} is bit 18. */
    public boolean unknown() {
      return Bits.get(bits, 31, 19) != 0;
    }
  }

  @CStruct("struct xen_memory_domain")
  @Unboxed
  public record MemoryDomain(long address) {
    public static final int DOMID = 0; // domid_t, IN
    public static final int SIZEOF = 2;

    public int domainId() {
      return Memory.load16(address + DOMID);
    }
  }

  @CStruct("struct xen_add_to_physmap")
  @Unboxed
  public record AddToPhysmap(long address) {
    public static final int DOMID = 0; // domid_t, IN

    @CMember("size")
    public static final int PAGES = 2; // uint16_t, IN: for gmfn_range

    public static final int SPACE = 4; // unsigned int, IN: XENMAPSPACE_*
    public static final int IDX = 8; // xen_ulong_t, IN
    public static final int GPFN = 16; // xen_pfn_t, IN
    public static final int SIZEOF = 24;

    public int domainId() {
      return Memory.load16(address + DOMID);
    }

    public int space() {
      return Memory.load32(address + SPACE);
    }

    public long index() {
      return Memory.load64(address + IDX);
    }

    public long gfn() {
      return Memory.load64(address + GPFN);
    }
  }

  @CStruct("struct xen_add_to_physmap_batch")
  @Unboxed
  public record AddToPhysmapBatch(long address) {
    public static final int DOMID = 0; // domid_t, IN
    public static final int SPACE = 2; // uint16_t, IN: XENMAPSPACE_*

    @CMember("size")
    public static final int PAGES = 4; // uint16_t, IN

    @CMember("u.foreign_domid")
    public static final int FOREIGN_DOMID = 6; // domid_t, IN: gmfn_foreign; otherwise 0

    public static final int IDXS = 8; // XEN_GUEST_HANDLE(xen_ulong_t), IN
    public static final int GPFNS = 16; // XEN_GUEST_HANDLE(xen_pfn_t), IN
    public static final int ERRS = 24; // XEN_GUEST_HANDLE(int), OUT
    public static final int SIZEOF = 32;

    public int domainId() {
      return Memory.load16(address + DOMID);
    }

    public int space() {
      return Memory.load16(address + SPACE);
    }

    public int pages() {
      return Memory.load16(address + PAGES);
    }

    public int foreignDomainId() {
      return Memory.load16(address + FOREIGN_DOMID);
    }

    public long indexes() {
      return Memory.load64(address + IDXS);
    }

    public long gfns() {
      return Memory.load64(address + GPFNS);
    }

    public long errors() {
      return Memory.load64(address + ERRS);
    }
  }

  @CStruct("struct xen_remove_from_physmap")
  @Unboxed
  public record RemoveFromPhysmap(long address) {
    public static final int DOMID = 0; // domid_t, IN
    public static final int GPFN = 8; // xen_pfn_t, IN
    public static final int SIZEOF = 16;

    public int domainId() {
      return Memory.load16(address + DOMID);
    }

    public long gfn() {
      return Memory.load64(address + GPFN);
    }
  }

  @CStruct("struct xen_mem_acquire_resource")
  @Unboxed
  public record AcquireResource(long address) {
    public static final int DOMID = 0; // domid_t, IN
    public static final int TYPE = 2; // uint16_t, IN
    public static final int ID = 4; // uint32_t, IN
    public static final int NR_FRAMES = 8; // uint32_t, IN and OUT
    public static final int PAD = 12; // uint32_t, IN: 0
    public static final int FRAME = 16; // uint64_t, IN
    public static final int FRAME_LIST = 24; // XEN_GUEST_HANDLE(xen_pfn_t), IN: where to map
    public static final int SIZEOF = 32;

    public int domainId() {
      return Memory.load16(address + DOMID);
    }

    public int type() {
      return Memory.load16(address + TYPE);
    }

    public int id() {
      return Memory.load32(address + ID);
    }

    /** Unsigned. */
    public int frameCount() {
      return Memory.load32(address + NR_FRAMES);
    }

    public void setFrameCount(int frames) {
      Memory.store32(address + NR_FRAMES, frames);
    }

    public int pad() {
      return Memory.load32(address + PAD);
    }

    public long firstFrame() {
      return Memory.load64(address + FRAME);
    }

    public long frameList() {
      return Memory.load64(address + FRAME_LIST);
    }
  }
}
