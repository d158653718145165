package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;

/**
 * A CPU's affinity in its three forms: MPIDR_EL1 and GICD_IROUTER have Aff3 in [39:32], GICR_TYPER
 * and the 32-bit form used here have it in [31:24].
 */
public final class Affinity {
  private Affinity() {}

  /** The 32-bit form of an MPIDR_EL1 or GICD_IROUTER value; other bits are dropped. */
  @Inline
  public static int ofMpidr(long mpidr) {
    return (int) Bits.put(Bits.get(mpidr, 23, 0), 31, 24, Bits.get(mpidr, 39, 32));
  }

  /** The affinity fields of MPIDR_EL1, or GICD_IROUTER with Interrupt_Routing_Mode 0. */
  @Inline
  public static long toMpidr(int affinity) {
    return Bits.put(Bits.get((long) affinity, 23, 0), 39, 32, Bits.get(affinity, 31, 24));
  }
}
