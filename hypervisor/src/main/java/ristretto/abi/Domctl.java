package ristretto.abi;

import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code struct xen_domctl}: what Dom0's tools ask of one domain. {@code
 * xen/include/public/domctl.h}. Its layout, that of the command's own part ({@link #payload})
 * included, is that of the caller's release, which {@link #interfaceVersion} names.
 */
@CStruct("struct xen_domctl")
@Unboxed
public record Domctl(long address) {
  public static final int CMD = 0; // uint32_t, IN
  public static final int INTERFACE_VERSION = 4; // uint32_t, IN
  public static final int DOMAIN = 8; // domid_t, IN; OUT of createdomain

  @CMember("u")
  public static final int PAYLOAD = 16;

  public static final int SIZEOF = 144;

  /** {@code XEN_DOMCTL_INTERFACE_VERSION} of Xen 4.17. */
  public static final int VERSION_4_17 = 0x15;

  /** Of Xen 4.18. */
  public static final int VERSION_4_18 = 0x16;

  /** Of Xen 4.19, 4.20 and 4.21. */
  public static final int VERSION_4_19 = 0x17;

  /** Of Xen 4.22. */
  public static final int VERSION_4_22 = 0x18;

  public int command() {
    return Memory.load32(address + CMD);
  }

  public int interfaceVersion() {
    return Memory.load32(address + INTERFACE_VERSION);
  }

  /**
   * The caller's release is one whose layouts are known here; for a command that is the same in
   * all, there is no version.
   */
  public boolean isKnownVersion() {
    int version = interfaceVersion();
    if (command() == DomctlCommand.GET_DOMAIN_STATE) {
      return version == 0;
    }
    return version >= VERSION_4_17 && version <= VERSION_4_22;
  }

  public int domainId() {
    return Memory.load16(address + DOMAIN);
  }

  public void setDomainId(int id) {
    Memory.store16(address + DOMAIN, id);
  }

  /** Where the command's own structure is: the union {@code u}. */
  @Inline
  public long payload() {
    return address + PAYLOAD;
  }
}
