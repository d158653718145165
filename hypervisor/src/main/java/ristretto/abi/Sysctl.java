package ristretto.abi;

import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code struct xen_sysctl}: what Dom0's tools ask of the machine. {@code
 * xen/include/public/sysctl.h}. Between Xen 4.17 and 4.22 no command that we have changed its
 * layout, although the interface version did.
 */
@CStruct("struct xen_sysctl")
@Unboxed
public record Sysctl(long address) {
  public static final int CMD = 0; // uint32_t, IN
  public static final int INTERFACE_VERSION = 4; // uint32_t, IN

  @CMember("u")
  public static final int PAYLOAD = 8;

  public static final int SIZEOF = 136;

  /** {@code XEN_SYSCTL_INTERFACE_VERSION} of Xen 4.17 to 4.20. */
  public static final int VERSION_4_17 = 0x15;

  /** Of Xen 4.21 and 4.22. */
  public static final int VERSION_4_21 = 0x16;

  public int command() {
    return Memory.load32(address + CMD);
  }

  public int interfaceVersion() {
    return Memory.load32(address + INTERFACE_VERSION);
  }

  /** The caller's release is one whose layouts are known here. */
  public boolean isKnownVersion() {
    int version = interfaceVersion();
    return version >= VERSION_4_17 && version <= VERSION_4_21;
  }

  /** Where the command's own structure is: the union {@code u}. */
  @Inline
  public long payload() {
    return address + PAYLOAD;
  }
}
