package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** GICD_TYPER. IHI 0048 and IHI 0069, "GICD_TYPER". */
@Unboxed
public record GicdTyper(int bits) {
  /**
   * @param lines INTIDs, a multiple of 32
   * @param cpus CPUs as GICv2 counts them, at most 8; 1 with affinity routing
   * @param idBits bits of an INTID
   */
  public static GicdTyper of(int lines, int cpus, int idBits) {
    int typer = Bits.put(0, 4, 0, lines / 32 - 1);
    typer = Bits.put(typer, 7, 5, cpus - 1);
    return new GicdTyper(Bits.put(typer, 23, 19, idBits - 1));
  }

  /** ITLinesNumber: INTIDs below which there are interrupts, at most 1020. */
  @Inline
  public int lines() {
    return Math.min(32 * (Bits.get(bits, 4, 0) + 1), Gicd.FIRST_SPECIAL);
  }

  /** CPUNumber. */
  @Inline
  public int cpus() {
    return Bits.get(bits, 7, 5) + 1;
  }
}
