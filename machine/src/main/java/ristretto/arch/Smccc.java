package ristretto.arch;

import ristretto.lang.AssemblyConstants;

/** Function identifiers of the Arm architecture calls. Arm DEN 0028, "Arm Architecture Calls". */
@AssemblyConstants
public final class Smccc {
  public static final int VERSION = 0x8000_0000;
  public static final int ARCH_FEATURES = 0x8000_0001;
  public static final int ARCH_WORKAROUND_1 = 0x8000_8000;
  public static final int ARCH_WORKAROUND_2 = 0x8000_7fff;
  public static final int ARCH_WORKAROUND_3 = 0x8000_3fff;

  public static final int VERSION_1_2 = 0x1_0002;
  public static final int NOT_SUPPORTED = -1;

  private Smccc() {}

  /** ARCH_FEATURES: the function is there. */
  public static boolean isOffered(int function) {
    return switch (function) {
      case VERSION, ARCH_FEATURES, ARCH_WORKAROUND_1, ARCH_WORKAROUND_2, ARCH_WORKAROUND_3 -> true;
      default -> false;
    };
  }
}
