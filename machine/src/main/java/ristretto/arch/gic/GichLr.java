package ristretto.arch.gic;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** GICH_LRn. IHI 0048, "GICH_LRn". The virtual machine sees all interrupts in group 0. */
@Unboxed
public record GichLr(int bits) {
  @Inline
  public static GichLr of(ListRegister register) {
    long from = register.bits();
    int to = register.intid() & 0x3ff;
    to = Bits.put(to, 27, 23, register.priority() >>> 3);
    to = Bits.put(to, 29, 28, (int) Bits.get(from, 63, 62));
    if (register.isHardware()) {
      return new GichLr(Bits.put(to, 19, 10, register.physical()) | 1 << 31);
    }
    return new GichLr(Bits.put(to, 19, 19, register.hasEndInterrupt() ? 1 : 0));
  }

  @Inline
  public ListRegister toListRegister() {
    long to = Bits.get(bits, 9, 0);
    to = Bits.put(to, 55, 48, (long) Bits.get(bits, 27, 23) << 3);
    to = Bits.put(to, 63, 60, (long) Bits.get(bits, 29, 28) << 2 | 1);
    ListRegister register = new ListRegister(to);
    if (Bits.isSet(bits, 31)) {
      return register.withHardware(Bits.get(bits, 19, 10));
    }
    return Bits.isSet(bits, 19) ? register.withEndInterrupt() : register;
  }
}
