package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;

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

  private static final int SS = 21;

  /** What the end of an instruction changes besides the program counter: BTYPE or IT, and SS. */
  private static final long TRANSIENT = Bits.mask(11, 10) | Bits.bit(SS);

  private Pstate() {}

  /**
   * PSTATE behind an instruction that the hypervisor has carried out: BTYPE and SS are 0 then, and
   * in AArch32 ITSTATE is advanced. Arm ARM DDI 0487, "PSTATE", "BTypeNext", "Software Step
   * exceptions", "ITAdvance".
   */
  @Inline
  public static long afterInstruction(long spsr) {
    return (spsr & (TRANSIENT | MODE_AARCH32)) == 0 ? spsr : afterUnusual(spsr);
  }

  @NoInline
  private static long afterUnusual(long spsr) {
    long stepped = spsr & ~Bits.bit(SS);
    return (spsr & MODE_AARCH32) == 0
        ? Bits.put(stepped, 11, 10, 0)
        : withItState(stepped, advanced(itState(spsr)));
  }

  /** ITSTATE: bits [7:2] are PSTATE[15:10], bits [1:0] PSTATE[26:25]. */
  private static long itState(long spsr) {
    return Bits.get(spsr, 15, 10) << 2 | Bits.get(spsr, 26, 25);
  }

  private static long withItState(long spsr, long itState) {
    return Bits.put(
        Bits.put(spsr, 15, 10, Bits.get(itState, 7, 2)), 26, 25, Bits.get(itState, 1, 0));
  }

  private static long advanced(long itState) {
    return Bits.get(itState, 2, 0) == 0 ? 0 : Bits.put(itState, 4, 0, Bits.get(itState, 3, 0) << 1);
  }

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
