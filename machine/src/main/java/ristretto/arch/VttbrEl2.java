package ristretto.arch;

import ristretto.lang.Bits;
import ristretto.lang.Unboxed;

/** VTTBR_EL2: stage 2 table and VMID. Arm ARM DDI 0487, "VTTBR_EL2". */
@Unboxed
public record VttbrEl2(long bits) {
  /** {@code table} is a physical address, aligned to the size of the first level. */
  public static VttbrEl2 of(long table, int vmid) {
    return new VttbrEl2(Bits.put(Bits.put(0L, 63, 48, vmid), 47, 1, table >>> 1));
  }

  public long table() {
    return Bits.get(bits, 47, 1) << 1;
  }

  public int vmid() {
    return (int) Bits.get(bits, 63, 48);
  }
}
