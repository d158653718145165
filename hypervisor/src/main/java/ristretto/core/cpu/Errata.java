package ristretto.core.cpu;

import ristretto.lang.Inline;

/**
 * Errata that need something done while running, by MIDR_EL1. Arm, "Software Developers Errata
 * Notice" of each CPU. What is done on every CPU because it costs nothing stands where it is done
 * ({@code ristretto.core.mm.GuestWalks}, the barriers behind ERET); speculation: {@link
 * Mitigations}.
 */
public final class Errata {
  private static boolean repeatsInvalidation;

  private Errata() {}

  /** Takes this CPU's into account; before the first guest runs. */
  public static void startThisCpu() {
    repeatsInvalidation |= completesInvalidationEarly();
  }

  /**
   * Some CPU may still use a translation when a TLBI and its DSB have completed: both are done
   * twice, wherever the first was made.
   */
  @Inline
  public static boolean repeatsInvalidation() {
    return repeatsInvalidation;
  }

  private static boolean completesInvalidationEarly() {
    int revision = CpuPart.revisionHere();
    return switch (CpuPart.here()) {
      case CpuPart.CORTEX_A55 -> true; // 2441007
      case CpuPart.CORTEX_A76 -> revision <= 0x30; // 1286807
      case CpuPart.CORTEX_A510 -> revision <= 0x11; // 2441009
      default -> false;
    };
  }
}
