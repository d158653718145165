package ristretto.machine;

import ristretto.lang.Intrinsic;

/** The guest's FP and SIMD registers, which EL2 itself never uses: q0 to q31, FPSR, FPCR. */
public final class FloatingPoint {
  /** Bytes of a saved set: 32 registers of 16 bytes, then FPSR and FPCR as 64-bit words. */
  public static final int BLOCK_SIZE = 32 * 16 + 16;

  private FloatingPoint() {}

  /** Stores the set at {@code block}, aligned to 16 bytes. CPTR_EL2 must not trap FP. */
  @Intrinsic
  public static void save(long block) {
    Machine.current().saveFloatingPoint(block);
  }

  /** Loads the set from {@code block}, aligned to 16 bytes. CPTR_EL2 must not trap FP. */
  @Intrinsic
  public static void restore(long block) {
    Machine.current().restoreFloatingPoint(block);
  }
}
