package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** TCR_EL2 where HCR_EL2.E2H is 0. Arm ARM DDI 0487, "TCR_EL2". */
@Unboxed
@AssemblyConstants
public record TcrEl2(long bits) {
  /** 48-bit addresses, 4 KB granule, tables in cached shareable memory; PS [18:16] still 0. */
  public static final long BASE = base().bits;

  /** Position of PS [18:16], the size of physical addresses. */
  public static final int PS_SHIFT = 16;

  /** Largest PS without 52-bit descriptors: 48 bits. */
  public static final int PS_LIMIT = 5;

  /** For ID_AA64MMFR0_EL1.PARange. */
  @Inline
  public static TcrEl2 of(int physicalAddressRange) {
    return new TcrEl2(Bits.put(BASE, 18, 16, Math.min(physicalAddressRange, PS_LIMIT)));
  }

  private static TcrEl2 base() {
    return new TcrEl2(0)
        .with(5, 0, 64 - 48) // T0SZ
        .with(9, 8, 1) // IRGN0: write-back, write-allocate
        .with(11, 10, 1) // ORGN0
        .with(13, 12, 3) // SH0: inner shareable
        .with(23, 23, 1) // RES1
        .with(31, 31, 1); // RES1
  }

  private TcrEl2 with(int hi, int lo, long value) {
    return new TcrEl2(Bits.put(bits, hi, lo, value));
  }
}
