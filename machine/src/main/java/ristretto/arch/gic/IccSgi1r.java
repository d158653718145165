package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** ICC_SGI1R_EL1, Interrupt Controller Software Generated Interrupt Group 1 Register. IHI 0069. */
@Unboxed
public record IccSgi1r(long bits) {
  /** The value that sends an SGI to the one CPU of {@code affinity}; INTID 0. */
  public static IccSgi1r to(int affinity) {
    int aff0 = Bits.get(affinity, 7, 0);
    long value = Bits.put(0, 15, 0, Bits.bit(aff0 & 15));
    value = Bits.put(value, 23, 16, Bits.get(affinity, 15, 8));
    value = Bits.put(value, 39, 32, Bits.get(affinity, 23, 16));
    value = Bits.put(value, 47, 44, aff0 >>> 4);
    return new IccSgi1r(Bits.put(value, 55, 48, Bits.get(affinity, 31, 24)));
  }

  @Inline
  public IccSgi1r withIntid(int intid) {
    return new IccSgi1r(Bits.put(bits, 27, 24, intid));
  }

  @Inline
  public int intid() {
    return (int) Bits.get(bits, 27, 24);
  }

  /** TargetList: CPUs whose Aff0 is {@link #firstAff0} plus the bit's number. */
  @Inline
  public int targetList() {
    return (int) Bits.get(bits, 15, 0);
  }

  /** RS: sixteen times the range that TargetList is for. */
  @Inline
  public int firstAff0() {
    return 16 * (int) Bits.get(bits, 47, 44);
  }

  /** The affinity of the cluster, with Aff0 0. */
  @Inline
  public int cluster() {
    long upper = Bits.put(0, 31, 24, Bits.get(bits, 55, 48));
    upper = Bits.put(upper, 23, 16, Bits.get(bits, 39, 32));
    return (int) Bits.put(upper, 15, 8, Bits.get(bits, 23, 16));
  }

  /** IRM: to all CPUs but the sender. */
  @Inline
  public boolean toAllOthers() {
    return Bits.isSet(bits, 40);
  }
}
