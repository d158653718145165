package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** {@code XENVER_*}, sub-operations of xen_version. {@code xen/include/public/version.h}. */
public final class Xenver {
  public static final int VERSION = 0;
  public static final int EXTRAVERSION = 1;
  public static final int COMPILE_INFO = 2;
  public static final int CAPABILITIES = 3;
  public static final int CHANGESET = 4;
  public static final int PLATFORM_PARAMETERS = 5;
  public static final int GET_FEATURES = 6;
  public static final int PAGESIZE = 7;
  public static final int GUEST_HANDLE = 8;
  public static final int COMMANDLINE = 9;
  public static final int BUILD_ID = 10;
  public static final int EXTRAVERSION2 = 11;
  public static final int CAPABILITIES2 = 12;
  public static final int CHANGESET2 = 13;
  public static final int COMMANDLINE2 = 14;

  /** {@code sizeof(xen_extraversion_t)}. */
  public static final int EXTRAVERSION_SIZE = 16;

  /** {@code sizeof(xen_capabilities_info_t)}. */
  public static final int CAPABILITIES_SIZE = 1024;

  /** {@code sizeof(xen_changeset_info_t)}. */
  public static final int CHANGESET_SIZE = 64;

  /** {@code sizeof(xen_commandline_t)}. */
  public static final int COMMANDLINE_SIZE = 1024;

  /** {@code sizeof(xen_domain_handle_t)}. */
  public static final int GUEST_HANDLE_SIZE = 16;

  private Xenver() {}

  @CStruct("struct xen_compile_info")
  @Unboxed
  public record CompileInfo(long address) {
    public static final int COMPILER = 0; // char[64]
    public static final int COMPILE_BY = 64; // char[16]
    public static final int COMPILE_DOMAIN = 80; // char[32]
    public static final int COMPILE_DATE = 112; // char[32]
    public static final int SIZEOF = 144;
  }

  @CStruct("struct xen_feature_info")
  @Unboxed
  public record FeatureInfo(long address) {
    public static final int SUBMAP_IDX = 0; // uint32_t, IN
    public static final int SUBMAP = 4; // uint32_t, OUT
    public static final int SIZEOF = 8;

    public int submapIndex() {
      return Memory.load32(address + SUBMAP_IDX);
    }

    public void setSubmap(int bits) {
      Memory.store32(address + SUBMAP, bits);
    }
  }

  /** Header of a buffer whose length the caller states; {@code struct xen_varbuf} is the same. */
  @CStruct("struct xen_build_id")
  @Unboxed
  public record Varbuf(long address) {
    public static final int LEN = 0; // uint32_t, IN: size of what follows
    public static final int BUF = 4; // unsigned char[], OUT
    public static final int SIZEOF = 4;

    public long length() {
      return Integer.toUnsignedLong(Memory.load32(address + LEN));
    }
  }
}
