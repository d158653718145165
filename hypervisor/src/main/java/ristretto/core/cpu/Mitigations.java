package ristretto.core.cpu;

import ristretto.core.console.Log;
import ristretto.lang.Bits;
import ristretto.machine.Barrier;
import ristretto.machine.ImageSymbol;
import ristretto.machine.SysReg;

/**
 * What a CPU's branch predictor lets a guest do to EL2, and the vector table that prevents it. Arm,
 * "Spectre-BHB: Speculative Target Reuse Attacks"; the rounds of the loop by CPU are Arm's.
 */
public final class Mitigations {
  private static final int ARM = 0x41;

  private static final int CORTEX_A57 = 0xd07;
  private static final int CORTEX_A72 = 0xd08;
  private static final int CORTEX_A73 = 0xd09;
  private static final int CORTEX_A75 = 0xd0a;
  private static final int CORTEX_A76 = 0xd0b;
  private static final int NEOVERSE_N1 = 0xd0c;
  private static final int CORTEX_A77 = 0xd0d;
  private static final int CORTEX_A76AE = 0xd0e;
  private static final int NEOVERSE_V1 = 0xd40;
  private static final int CORTEX_A78 = 0xd41;
  private static final int CORTEX_A78AE = 0xd42;
  private static final int CORTEX_X1 = 0xd44;
  private static final int CORTEX_A710 = 0xd47;
  private static final int CORTEX_X2 = 0xd48;
  private static final int NEOVERSE_N2 = 0xd49;
  private static final int CORTEX_A78C = 0xd4b;

  /** ID_AA64PFR0_EL1.CSV2: branches of one context do not follow another's history either. */
  private static final int CSV2_3 = 3;

  private Mitigations() {}

  /** Chooses this CPU's vector table. */
  public static void startThisCpu() {
    SysReg.VBAR_EL2.write(vectors());
    Barrier.isb(); // before the first exception from a guest
    if (needsFirmware()) {
      Log.warn()
          .text("CPU ")
          .dec(Cpu.current().index)
          .text(": guests can steer its branch predictor (Spectre v2); only firmware could help")
          .end();
    }
  }

  static long vectors() {
    if (isImmune()) {
      return ImageSymbol.VECTORS_PLAIN.address();
    }
    return switch (part()) {
      case CORTEX_A57, CORTEX_A72 ->
          needsFirmware()
              ? ImageSymbol.VECTORS_PLAIN.address()
              : ImageSymbol.VECTORS_LOOP8.address();
      case CORTEX_A76, CORTEX_A76AE, CORTEX_A77, NEOVERSE_N1 ->
          ImageSymbol.VECTORS_LOOP24.address();
      case CORTEX_A78,
          CORTEX_A78AE,
          CORTEX_A78C,
          CORTEX_X1,
          CORTEX_A710,
          CORTEX_X2,
          NEOVERSE_N2,
          NEOVERSE_V1 ->
          ImageSymbol.VECTORS_LOOP32.address();
      default -> ImageSymbol.VECTORS_PLAIN.address();
    };
  }

  /**
   * Early revisions share branch targets between exception levels: the loop does not help there,
   * the firmware's SMCCC_ARCH_WORKAROUND_1 at each exception would, and we do not make that call.
   */
  static boolean needsFirmware() {
    return switch (part()) {
      case CORTEX_A57, CORTEX_A72 -> csv2() == 0;
      case CORTEX_A73, CORTEX_A75 -> true;
      default -> false;
    };
  }

  /** FEAT_CSV2_3, or FEAT_ECBHB: exceptions do not carry branch history upwards. */
  private static boolean isImmune() {
    return csv2() >= CSV2_3 || Bits.get(SysReg.ID_AA64MMFR1_EL1.read(), 63, 60) != 0;
  }

  private static int csv2() {
    return (int) Bits.get(SysReg.ID_AA64PFR0_EL1.read(), 59, 56);
  }

  /** MIDR_EL1.PartNum of Arm's own CPUs, 0 for others. */
  private static int part() {
    long midr = SysReg.MIDR_EL1.read();
    return Bits.get(midr, 31, 24) == ARM ? (int) Bits.get(midr, 15, 4) : 0;
  }
}
