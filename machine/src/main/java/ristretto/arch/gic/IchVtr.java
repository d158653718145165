package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** ICH_VTR_EL2 and GICH_VTR, which agree in these fields. IHI 0069, "ICH_VTR_EL2". */
@Unboxed
public record IchVtr(int bits) {
  /** ListRegs: how many there are. */
  @Inline
  public int listRegisters() {
    return Bits.get(bits, 4, 0) + 1;
  }

  /**
   * PREbits: bits of preemption level; above 5 there is more than one active priorities register.
   */
  @Inline
  public int preemptionBits() {
    return Bits.get(bits, 28, 26) + 1;
  }

  /** PRIbits: bits of priority. */
  @Inline
  public int priorityBits() {
    return Bits.get(bits, 31, 29) + 1;
  }
}
