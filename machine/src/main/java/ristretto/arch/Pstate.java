package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Bits;

/** PSTATE as SPSR_EL2 holds it. Arm ARM DDI 0487, "SPSR_EL2". */
@AssemblyConstants
public final class Pstate {
  public static final int MODE_EL0T = 0x0;
  public static final int MODE_EL1T = 0x4;
  public static final int MODE_EL1H = 0x5;
  public static final int MODE_EL2H = 0x9;
  public static final int MODE_AARCH32 = 0x10; // M[4]
  public static final int MODE_MASK = 0x1f;
  public static final int F = 1 << 6;
  public static final int I = 1 << 7;
  public static final int A = 1 << 8;
  public static final int D = 1 << 9;
  public static final int DAIF = D | A | I | F;

  private static final int SSBS = 12;
  private static final int PAN = 22;
  private static final int SCTLR_SPAN = 23;
  private static final int SCTLR_DSSBS = 44;

  private Pstate() {}

  /**
   * PSTATE right after an exception to EL1h: flags and DIT kept, masks set, PAN and SSBS as
   * SCTLR_EL1.SPAN and DSSBS say. Arm ARM DDI 0487, "Exception entry".
   */
  public static long onEntryToEl1(long spsr, long sctlr) {
    long kept = spsr & (Bits.mask(31, 28) | Bits.bit(24) | Bits.bit(PAN));
    long entered = kept | MODE_EL1H | DAIF;
    if (!Bits.isSet(sctlr, SCTLR_SPAN)) {
      entered = Bits.with(entered, PAN, true);
    }
    return Bits.with(entered, SSBS, Bits.isSet(sctlr, SCTLR_DSSBS));
  }
}
