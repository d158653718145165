package ristretto.arch;

import ristretto.lang.Bits;
import ristretto.lang.Unboxed;

/** VTCR_EL2: how stage 2 walks. Arm ARM DDI 0487, "VTCR_EL2". */
@Unboxed
public record VtcrEl2(long bits) {
  /** Guest physical addresses have 40 bits, where the CPU has as many physical ones. */
  private static final int WANTED_ADDRESS_BITS = 40;

  /** PS without 52-bit descriptors: 48 bits. */
  private static final int PS_LIMIT = 5;

  /**
   * Walks begin at level 1, through up to two concatenated tables.
   *
   * @param physicalAddressRange ID_AA64MMFR0_EL1.PARange; the input may not be wider than it says
   * @param wideVmids ID_AA64MMFR1_EL1.VMIDBits says 16 bits
   */
  public static VtcrEl2 of(int physicalAddressRange, boolean wideVmids) {
    return new VtcrEl2(0)
        .with(5, 0, 64 - addressBits(physicalAddressRange)) // T0SZ
        .with(7, 6, 1) // SL0: level 1
        .with(9, 8, 1) // IRGN0: write-back, write-allocate
        .with(11, 10, 1) // ORGN0
        .with(13, 12, 3) // SH0: inner shareable
        .with(18, 16, Math.min(physicalAddressRange, PS_LIMIT))
        .with(19, 19, wideVmids ? 1 : 0) // VS
        .with(31, 31, 1); // RES1
  }

  /** Width of guest physical addresses for a PARange. */
  public static int addressBits(int physicalAddressRange) {
    return switch (physicalAddressRange) {
      case 0 -> 32;
      case 1 -> 36;
      default -> WANTED_ADDRESS_BITS;
    };
  }

  private VtcrEl2 with(int hi, int lo, long value) {
    return new VtcrEl2(Bits.put(bits, hi, lo, value));
  }
}
