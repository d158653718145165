package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code struct xen_domctl_get_domain_state}, since Xen 4.21: a command that stays as it is from
 * release to release; its interface version is 0. {@code xen/include/public/domctl.h}.
 */
@Unboxed
public record DomctlState(long address) {
  public static final int STATE = 0; // uint16_t, OUT
  public static final int CAPS = 2; // uint16_t, OUT
  public static final int PAD0 = 4; // uint32_t, 0
  public static final int UNIQUE_ID = 8; // uint64_t, OUT
  public static final int SIZEOF = 16;

  /** {@code XEN_DOMCTL_GETDOMSTATE_STATE_EXIST}, a bit as the others are. */
  public static final int EXISTS = 0;

  public static final int SHUT_DOWN = 1;
  public static final int DYING = 2;
  public static final int DEAD = 3;

  /** {@code XEN_DOMCTL_GETDOMSTATE_CAP_CONTROL}, a bit as the other is. */
  public static final int CONTROL = 0;

  public static final int HARDWARE = 1;

  public int pad() {
    return Memory.load32(address + PAD0);
  }

  /**
   * @param state bits from {@link #EXISTS} on
   * @param capabilities bits from {@link #CONTROL} on
   * @param uniqueId a number that no other domain had or will have
   */
  public void set(int state, int capabilities, long uniqueId) {
    Memory.store16(address + STATE, state);
    Memory.store16(address + CAPS, capabilities);
    Memory.store64(address + UNIQUE_ID, uniqueId);
  }
}
