package ristretto.arch;

import ristretto.lang.AssemblyConstants;

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

  private Pstate() {}
}
