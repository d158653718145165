package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Bits;

/**
 * MAIR_EL2, the memory types that {@link Stage1Descriptor} names by index. Arm ARM DDI 0487,
 * "MAIR_EL2".
 */
@AssemblyConstants
public final class MairEl2 {
  /** Index of ordinary memory: write-back, read and write allocate, inner and outer. */
  public static final int NORMAL = 0;

  /** Index of device memory nGnRE: no gathering, no reordering, early acknowledgement. */
  public static final int DEVICE = 1;

  private static final int ATTRIBUTE_NORMAL = 0xff;
  private static final int ATTRIBUTE_DEVICE_NGNRE = 0x04;

  public static final long VALUE =
      Bits.put(Bits.put(0L, 7, 0, ATTRIBUTE_NORMAL), 15, 8, ATTRIBUTE_DEVICE_NGNRE);

  private MairEl2() {}
}
