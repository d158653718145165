package ristretto.machine;

import ristretto.lang.Intrinsic;

/**
 * Address translation instructions; the result is PAR_EL1, after an ISB. Arm ARM DDI 0487, "AT".
 * {@link #s1e1r} translates with the running guest's stage 1 only, {@link #s12e1r} with both
 * stages.
 */
public final class AddressTranslation {
  private AddressTranslation() {}

  /** AT S1E1R: stage 1, EL1 read; the output is an IPA. */
  @Intrinsic
  public static void s1e1r(long virtualAddress) {
    Machine.current().translate(virtualAddress, false, false);
  }

  /** AT S1E1W: stage 1, EL1 write; the output is an IPA. */
  @Intrinsic
  public static void s1e1w(long virtualAddress) {
    Machine.current().translate(virtualAddress, true, false);
  }

  /** AT S12E1R: both stages, EL1 read; the output is a physical address. */
  @Intrinsic
  public static void s12e1r(long virtualAddress) {
    Machine.current().translate(virtualAddress, false, true);
  }

  /** AT S12E1W: both stages, EL1 write; the output is a physical address. */
  @Intrinsic
  public static void s12e1w(long virtualAddress) {
    Machine.current().translate(virtualAddress, true, true);
  }
}
