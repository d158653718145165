package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Bits;

/** Function identifiers of the Arm architecture calls. Arm DEN 0028, "Arm Architecture Calls". */
@AssemblyConstants
public final class Smccc {
  public static final int VERSION = 0x8000_0000;
  public static final int ARCH_FEATURES = 0x8000_0001;
  public static final int ARCH_WORKAROUND_1 = 0x8000_8000;
  public static final int ARCH_WORKAROUND_2 = 0x8000_7fff;
  public static final int ARCH_WORKAROUND_3 = 0x8000_3fff;

  public static final int VERSION_1_1 = 0x1_0001;
  public static final int VERSION_1_2 = 0x1_0002;

  /** ARCH_FEATURES of a workaround: it need not be called on this CPU. */
  public static final int NOT_REQUIRED_HERE = 1;

  public static final int NOT_SUPPORTED = -1;

  /** ARCH_FEATURES of ARCH_WORKAROUND_2: no CPU needs it, or it is always on. */
  public static final int NOT_REQUIRED = -2;

  /** {@link #owner}: services of the silicon provider. */
  public static final int OWNER_SILICON_PROVIDER = 2;

  private Smccc() {}

  /** Whose service a function is: "Implementation of OEN", bits 29 to 24. */
  public static int owner(int function) {
    return Bits.get(function, 29, 24);
  }
}
