package ristretto.abi;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code GNTTABOP_*} with version 1 of the grant table, the only one that Arm has. {@code
 * xen/include/public/grant_table.h}.
 */
public final class Gnttabop {
  public static final int MAP_GRANT_REF = 0;
  public static final int UNMAP_GRANT_REF = 1;
  public static final int SETUP_TABLE = 2;
  public static final int TRANSFER = 4;
  public static final int COPY = 5;
  public static final int QUERY_SIZE = 6;
  public static final int UNMAP_AND_REPLACE = 7;
  public static final int SET_VERSION = 8;
  public static final int GET_VERSION = 10;
  public static final int SWAP_GRANT_REF = 11;
  public static final int CACHE_FLUSH = 12;

  private Gnttabop() {}

  /** {@code GNTST_*}: the status that an operation leaves in its own structure, 16 bits signed. */
  public static final class Status {
    public static final int OKAY = 0;
    public static final int GENERAL_ERROR = -1;
    public static final int BAD_DOMAIN = -2;
    public static final int BAD_GRANT_REFERENCE = -3;
    public static final int BAD_HANDLE = -4;
    public static final int BAD_VIRTUAL_ADDRESS = -5;
    public static final int PERMISSION_DENIED = -8;
    public static final int BAD_PAGE = -9;
    public static final int BAD_COPY_ARGUMENT = -10;
    public static final int TRY_AGAIN = -12;
    public static final int NO_SPACE = -13;

    private Status() {}
  }

  /** An entry of the shared table, which the guest writes at any time. */
  @CStruct("struct grant_entry_v1")
  @Unboxed
  public record Entry(long address) {
    public static final int FLAGS = 0; // uint16_t: GTF_*
    public static final int DOMID = 2; // domid_t: who is granted
    public static final int FRAME = 4; // uint32_t: guest frame number
    public static final int SIZEOF = 8;
  }

  /** All of an {@link Entry} as it was at one moment. */
  @Unboxed
  public record EntryWord(long bits) {
    /** {@code GTF_permit_access}, a type: [1:0] of the flags. */
    private static final int PERMIT_ACCESS = 1;

    private static final int READ_ONLY = 2; // GTF_readonly, a bit number
    private static final int READING = 3; // GTF_reading: written by the hypervisor
    private static final int WRITING = 4; // GTF_writing: likewise

    /**
     * Grants the whole page to this domain. Flags that ask for another kind of memory, or for a
     * part of the page, are refused: Arm has neither in version 1.
     */
    @Inline
    public boolean grants(int grantee) {
      return Bits.get(bits, 1, 0) == PERMIT_ACCESS
          && Bits.get(bits, 15, WRITING + 1) == 0
          && Bits.get(bits, 31, 16) == grantee;
    }

    @Inline
    public boolean isReadOnly() {
      return Bits.isSet(bits, READ_ONLY);
    }

    /** The same with the flags that tell the granting domain of the use. */
    @Inline
    public EntryWord used(boolean write) {
      long reading = bits | Bits.bit(READING);
      return new EntryWord(write ? reading | Bits.bit(WRITING) : reading);
    }

    /** The same without uses that have ended: all, or those for writing. */
    @Inline
    public EntryWord unused(boolean all) {
      long kept = bits & ~Bits.bit(WRITING);
      return new EntryWord(all ? kept & ~Bits.bit(READING) : kept);
    }

    /** Guest frame number. */
    @Inline
    public long gfn() {
      return Bits.get(bits, 63, 32);
    }

    /** {@code GTF_*}. */
    public int flags() {
      return (int) Bits.get(bits, 15, 0);
    }

    public int domain() {
      return (int) Bits.get(bits, 31, 16);
    }
  }

  /** {@code GNTMAP_*}. */
  @Unboxed
  public record MapFlags(int bits) {
    private static final int DEVICE_MAP = 0;
    private static final int HOST_MAP = 1;
    private static final int READ_ONLY = 2;

    /** At least one of the maps, and nothing that Arm has not: page table entries, applications. */
    @Inline
    public boolean isValid() {
      return Bits.get(bits, HOST_MAP, DEVICE_MAP) != 0 && Bits.get(bits, 31, READ_ONLY + 1) == 0;
    }

    @Inline
    public boolean hasHostMap() {
      return Bits.isSet(bits, HOST_MAP);
    }

    @Inline
    public boolean hasDeviceMap() {
      return Bits.isSet(bits, DEVICE_MAP);
    }

    @Inline
    public boolean isReadOnly() {
      return Bits.isSet(bits, READ_ONLY);
    }

    @Inline
    public boolean hasMap() {
      return Bits.get(bits, HOST_MAP, DEVICE_MAP) != 0;
    }

    @Inline
    public MapFlags withoutHostMap() {
      return new MapFlags((int) Bits.with(bits, HOST_MAP, false));
    }

    @Inline
    public MapFlags withoutDeviceMap() {
      return new MapFlags((int) Bits.with(bits, DEVICE_MAP, false));
    }
  }

  @CStruct("struct gnttab_setup_table")
  @Unboxed
  public record SetupTable(long address) {
    public static final int DOM = 0; // domid_t, IN
    public static final int NR_FRAMES = 4; // uint32_t, IN
    public static final int STATUS = 8; // int16_t, OUT
    public static final int FRAME_LIST = 16; // XEN_GUEST_HANDLE(xen_pfn_t), OUT
    public static final int SIZEOF = 24;

    public int dom() {
      return Memory.load16(address + DOM);
    }

    public int frameCount() {
      return Memory.load32(address + NR_FRAMES);
    }

    public void setStatus(int status) {
      Memory.store16(address + STATUS, status);
    }

    public long frameList() {
      return Memory.load64(address + FRAME_LIST);
    }
  }

  @CStruct("struct gnttab_query_size")
  @Unboxed
  public record QuerySize(long address) {
    public static final int DOM = 0; // domid_t, IN
    public static final int NR_FRAMES = 4; // uint32_t, OUT
    public static final int MAX_NR_FRAMES = 8; // uint32_t, OUT
    public static final int STATUS = 12; // int16_t, OUT
    public static final int SIZEOF = 16;

    public int dom() {
      return Memory.load16(address + DOM);
    }

    public void setFrames(int count, int limit) {
      Memory.store32(address + NR_FRAMES, count);
      Memory.store32(address + MAX_NR_FRAMES, limit);
    }

    public void setStatus(int status) {
      Memory.store16(address + STATUS, status);
    }
  }

  @CStruct("struct gnttab_set_version")
  @Unboxed
  public record SetVersion(long address) {
    public static final int VERSION = 0; // uint32_t, IN and OUT
    public static final int SIZEOF = 4;

    public int version() {
      return Memory.load32(address + VERSION);
    }

    public void setVersion(int version) {
      Memory.store32(address + VERSION, version);
    }
  }

  @CStruct("struct gnttab_get_version")
  @Unboxed
  public record GetVersion(long address) {
    public static final int DOM = 0; // domid_t, IN
    public static final int VERSION = 4; // uint32_t, OUT
    public static final int SIZEOF = 8;

    public int dom() {
      return Memory.load16(address + DOM);
    }

    public void setVersion(int version) {
      Memory.store32(address + VERSION, version);
    }
  }

  @CStruct("struct gnttab_cache_flush")
  @Unboxed
  public record CacheFlush(long address) {
    @CMember("a.dev_bus_addr")
    public static final int DEV_BUS_ADDR = 0; // uint64_t, IN: a physical address

    public static final int OFFSET = 8; // uint16_t, IN: within the page
    public static final int LENGTH = 10; // uint16_t, IN
    public static final int OP = 12; // uint32_t, IN
    public static final int SIZEOF = 16;

    /** {@code GNTTAB_CACHE_CLEAN}, a bit number of {@link #op}. */
    public static final int CLEAN = 0;

    /** {@code GNTTAB_CACHE_INVAL}, a bit number of {@link #op}. */
    public static final int INVALIDATE = 1;

    public long busAddress() {
      return Memory.load64(address + DEV_BUS_ADDR);
    }

    public int offset() {
      return Memory.load16(address + OFFSET);
    }

    public int length() {
      return Memory.load16(address + LENGTH);
    }

    public int op() {
      return Memory.load32(address + OP);
    }
  }

  @CStruct("struct gnttab_map_grant_ref")
  @Unboxed
  public record MapGrantRef(long address) {
    public static final int HOST_ADDR = 0; // uint64_t, IN: guest physical address
    public static final int FLAGS = 8; // uint32_t, IN: GNTMAP_*
    public static final int REF = 12; // grant_ref_t, IN
    public static final int DOM = 16; // domid_t, IN
    public static final int STATUS = 18; // int16_t, OUT
    public static final int HANDLE = 20; // grant_handle_t, OUT
    public static final int DEV_BUS_ADDR = 24; // uint64_t, OUT
    public static final int SIZEOF = 32;

    @Inline
    public long hostAddress() {
      return Memory.load64(address + HOST_ADDR);
    }

    @Inline
    public MapFlags flags() {
      return new MapFlags(Memory.load32(address + FLAGS));
    }

    @Inline
    public int reference() {
      return Memory.load32(address + REF);
    }

    @Inline
    public int domain() {
      return Memory.load16(address + DOM);
    }

    @Inline
    public void setStatus(int status) {
      Memory.store16(address + STATUS, status);
    }

    @Inline
    public void setHandle(int handle) {
      Memory.store32(address + HANDLE, handle);
    }

    @Inline
    public void setBusAddress(long busAddress) {
      Memory.store64(address + DEV_BUS_ADDR, busAddress);
    }
  }

  @CStruct("struct gnttab_unmap_grant_ref")
  @Unboxed
  public record UnmapGrantRef(long address) {
    public static final int HOST_ADDR = 0; // uint64_t, IN
    public static final int DEV_BUS_ADDR = 8; // uint64_t, IN
    public static final int HANDLE = 16; // grant_handle_t, IN
    public static final int STATUS = 20; // int16_t, OUT
    public static final int SIZEOF = 24;

    @Inline
    public long hostAddress() {
      return Memory.load64(address + HOST_ADDR);
    }

    @Inline
    public long busAddress() {
      return Memory.load64(address + DEV_BUS_ADDR);
    }

    @Inline
    public int handle() {
      return Memory.load32(address + HANDLE);
    }

    @Inline
    public void setStatus(int status) {
      Memory.store16(address + STATUS, status);
    }

    @Inline
    public int status() {
      return (short) Memory.load16(address + STATUS);
    }
  }

  @CStruct("struct gnttab_copy")
  @Unboxed
  public record Copy(long address) {
    @CMember("source.u.gmfn")
    public static final int SOURCE_FRAME = 0; // xen_pfn_t or grant_ref_t, IN

    @CMember("source.domid")
    public static final int SOURCE_DOMID = 8; // domid_t, IN

    @CMember("source.offset")
    public static final int SOURCE_OFFSET = 10; // uint16_t, IN

    @CMember("dest.u.gmfn")
    public static final int DEST_FRAME = 16; // xen_pfn_t or grant_ref_t, IN

    @CMember("dest.domid")
    public static final int DEST_DOMID = 24; // domid_t, IN

    @CMember("dest.offset")
    public static final int DEST_OFFSET = 26; // uint16_t, IN

    public static final int LEN = 32; // uint16_t, IN
    public static final int FLAGS = 34; // uint16_t, IN: GNTCOPY_*
    public static final int STATUS = 36; // int16_t, OUT
    public static final int SIZEOF = 40;

    /** {@code GNTCOPY_source_gref}, a bit number of the flags. */
    private static final int SOURCE_REFERENCE = 0;

    private static final int DEST_REFERENCE = 1;

    @Inline
    public CopyEnd source() {
      return new CopyEnd(address + SOURCE_FRAME);
    }

    @Inline
    public CopyEnd destination() {
      return new CopyEnd(address + DEST_FRAME);
    }

    /** The source is a grant reference, not a frame of the caller's. */
    @Inline
    public boolean isSourceGranted() {
      return Bits.isSet(Memory.load16(address + FLAGS), SOURCE_REFERENCE);
    }

    @Inline
    public boolean isDestinationGranted() {
      return Bits.isSet(Memory.load16(address + FLAGS), DEST_REFERENCE);
    }

    @Inline
    public int length() {
      return Memory.load16(address + LEN);
    }

    @Inline
    public void setStatus(int status) {
      Memory.store16(address + STATUS, status);
    }
  }

  /** {@code struct gnttab_copy_ptr}: an end of a {@link Copy}. */
  @Unboxed
  public record CopyEnd(long address) {
    @Inline
    public long frame() {
      return Memory.load64(address);
    }

    /** The other member of the union. */
    @Inline
    public int reference() {
      return Memory.load32(address);
    }

    @Inline
    public int domain() {
      return Memory.load16(address + Copy.SOURCE_DOMID);
    }

    @Inline
    public int offset() {
      return Memory.load16(address + Copy.SOURCE_OFFSET);
    }
  }
}
