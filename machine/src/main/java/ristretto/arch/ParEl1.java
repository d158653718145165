package ristretto.arch;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** PAR_EL1: the result of an address translation instruction. Arm ARM DDI 0487, "PAR_EL1". */
@Unboxed
public record ParEl1(long bits) {
  /** F: the translation failed. */
  @Inline
  public boolean failed() {
    return Bits.isSet(bits, 0);
  }

  /** PA [47:12]: address of the page. */
  @Inline
  public long page() {
    return Bits.get(bits, 47, 12) << 12;
  }
}
