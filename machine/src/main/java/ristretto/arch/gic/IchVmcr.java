package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** ICH_VMCR_EL2 and GICH_VMCR, which agree in these fields. IHI 0069, "ICH_VMCR_EL2". */
@Unboxed
public record IchVmcr(int bits) {
  /** VENG0. */
  @Inline
  public boolean group0Enabled() {
    return Bits.isSet(bits, 0);
  }

  /** VENG1. */
  @Inline
  public boolean group1Enabled() {
    return Bits.isSet(bits, 1);
  }

  /** VPMR: interrupts of a numerically lower priority are signalled. */
  @Inline
  public int priorityMask() {
    return Bits.get(bits, 31, 24);
  }
}
