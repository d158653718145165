package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** GICR_TYPER. IHI 0069, "GICR_TYPER". */
@Unboxed
public record GicrTyper(long bits) {
  /**
   * @param affinity the four affinity fields, Aff3 in [31:24]
   * @param number of the CPU
   * @param last no redistributor follows this one
   */
  public static GicrTyper of(int affinity, int number, boolean last) {
    long typer = Bits.put(0L, 63, 32, affinity);
    typer = Bits.put(typer, 23, 8, number);
    return new GicrTyper(Bits.with(typer, 4, last));
  }

  /** Affinity_Value: Aff3 in [31:24] down to Aff0. */
  @Inline
  public int affinity() {
    return (int) Bits.get(bits, 63, 32);
  }

  /** Last: the highest in a series of contiguous redistributors. */
  @Inline
  public boolean isLast() {
    return Bits.isSet(bits, 4);
  }

  /** VLPIS: GICv4, two more frames. */
  @Inline
  public boolean hasVirtualLpis() {
    return Bits.isSet(bits, 1);
  }
}
