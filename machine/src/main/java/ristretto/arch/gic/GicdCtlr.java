package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * GICD_CTLR. IHI 0069, "GICD_CTLR": the enable bits mean group 1 with and without affinity routing
 * to a Non-secure access, groups 0 and 1 where there is a single Security state.
 */
@Unboxed
public record GicdCtlr(int bits) {
  public static final int ENABLE_GROUP_0 = 1; // or EnableGrp1 to a Non-secure access
  public static final int ENABLE_GROUP_1 = 1 << 1; // or EnableGrp1A to a Non-secure access
  public static final int AFFINITY_ROUTING = 1 << 4; // ARE, ARE_NS
  public static final int SINGLE_SECURITY_STATE = 1 << 6; // DS
  public static final int WRITE_PENDING = 1 << 31; // RWP

  /** RWP: an earlier write has not taken effect everywhere. */
  @Inline
  public boolean isWritePending() {
    return Bits.isSet(bits, 31);
  }

  /** ARE, or ARE_NS. */
  @Inline
  public boolean hasAffinityRouting() {
    return Bits.isSet(bits, 4);
  }

  /** DS. */
  @Inline
  public boolean hasSingleSecurityState() {
    return Bits.isSet(bits, 6);
  }
}
