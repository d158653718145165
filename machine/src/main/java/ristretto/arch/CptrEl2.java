package ristretto.arch;

import ristretto.lang.Bits;

/**
 * CPTR_EL2, Architectural Feature Trap Register, with HCR_EL2.E2H 0. Arm ARM DDI 0487, "CPTR_EL2".
 */
public final class CptrEl2 {
  private static final long RES1 = Bits.mask(7, 0) | Bits.bit(9) | Bits.mask(13, 12);
  private static final long TZ = Bits.bit(8); // SVE
  private static final long TFP = Bits.bit(10); // floating point and SIMD
  private static final long TSM = Bits.bit(12); // SME; reserved one before it
  private static final long TTA = Bits.bit(20); // trace
  private static final long TAM = Bits.bit(30); // activity monitors

  public static final long ALLOW_FP = RES1 | TZ | TSM | TTA | TAM;
  public static final long TRAP_ALL = ALLOW_FP | TFP;

  private CptrEl2() {}
}
