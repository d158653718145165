package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * A list register in the layout of ICH_LR&lt;n&gt;_EL2; {@link GichLr} converts for GICv2. IHI
 * 0069, "ICH_LR&lt;n&gt;_EL2". Zero is an empty one.
 */
@Unboxed
public record ListRegister(long bits) {
  public static final ListRegister EMPTY = new ListRegister(0);

  private static final int PENDING = 62;
  private static final int ACTIVE = 63;
  private static final int HARDWARE = 61;
  private static final int GROUP_1 = 60;
  private static final int END_INTERRUPT = 41;

  /** A pending group 1 interrupt that software raised. */
  @Inline
  public static ListRegister pending(int intid, int priority) {
    long fixed = Bits.bit(PENDING) | Bits.bit(GROUP_1);
    return new ListRegister(fixed | (long) priority << 48 | intid);
  }

  /**
   * The same, tied to the physical interrupt {@code physical}: its end deactivates that one too.
   */
  @Inline
  public ListRegister withHardware(int physical) {
    return new ListRegister(Bits.put(bits, 44, 32, physical) | Bits.bit(HARDWARE));
  }

  /** EOI: a maintenance interrupt tells its end. Not for one tied to hardware. */
  @Inline
  public ListRegister withEndInterrupt() {
    return new ListRegister(bits | Bits.bit(END_INTERRUPT));
  }

  @Inline
  public ListRegister withPending(boolean pending) {
    return new ListRegister(Bits.with(bits, PENDING, pending));
  }

  @Inline
  public ListRegister withActive(boolean active) {
    return new ListRegister(Bits.with(bits, ACTIVE, active));
  }

  /** vINTID. */
  @Inline
  public int intid() {
    return (int) Bits.get(bits, 31, 0);
  }

  /** pINTID; meaningful with {@link #isHardware}. */
  @Inline
  public int physical() {
    return (int) Bits.get(bits, 44, 32);
  }

  @Inline
  public int priority() {
    return (int) Bits.get(bits, 55, 48);
  }

  @Inline
  public boolean isHardware() {
    return Bits.isSet(bits, HARDWARE);
  }

  @Inline
  public boolean isGroup1() {
    return Bits.isSet(bits, GROUP_1);
  }

  @Inline
  public boolean hasEndInterrupt() {
    return !isHardware() && Bits.isSet(bits, END_INTERRUPT);
  }

  @Inline
  public boolean isPending() {
    return Bits.isSet(bits, PENDING);
  }

  @Inline
  public boolean isActive() {
    return Bits.isSet(bits, ACTIVE);
  }

  /** State: neither pending nor active. The other fields keep their last values then. */
  @Inline
  public boolean isInactive() {
    return Bits.get(bits, ACTIVE, PENDING) == 0;
  }
}
