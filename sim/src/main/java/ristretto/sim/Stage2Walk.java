package ristretto.sim;

import ristretto.lang.Bits;
import ristretto.machine.SysReg;

/**
 * Stage 2 translation as VTTBR_EL2 and VTCR_EL2 of a CPU have it, 4 KiB granule, without a TLB. Arm
 * ARM DDI 0487, "VTCR_EL2", "VMSAv8-64 stage 2".
 */
public final class Stage2Walk {
  private static final int PAGE_SHIFT = 12;
  private static final int INDEX_BITS = 9;
  private static final int LAST_LEVEL = 3;

  /** The result for an address that nothing is mapped at, or not for this access. */
  public static final long FAULT = -1;

  private Stage2Walk() {}

  /** The physical address that {@code cpu}'s guest reaches at {@code ipa}, or {@link #FAULT}. */
  public static long translate(SimulatedCpu cpu, long ipa, boolean write) {
    long control = cpu.register(SysReg.VTCR_EL2);
    int inputBits = 64 - (int) Bits.get(control, 5, 0); // T0SZ
    if (ipa >>> inputBits != 0) {
      return FAULT;
    }
    int level = 2 - (int) Bits.get(control, 7, 6); // SL0
    long table = Bits.get(cpu.register(SysReg.VTTBR_EL2), 47, 1) << 1;
    int top = inputBits - 1; // the first index is longer where tables are concatenated
    for (; level <= LAST_LEVEL; level++) {
      int shift = PAGE_SHIFT + INDEX_BITS * (LAST_LEVEL - level);
      long slot = table + Bits.get(ipa, top, shift) * Long.BYTES;
      long entry = cpu.machine().word(slot);
      top = shift - 1;
      if (!Bits.isSet(entry, 0)) {
        return FAULT;
      }
      boolean isTable = Bits.isSet(entry, 1);
      if (isTable && level < LAST_LEVEL) {
        table = Bits.get(entry, 47, PAGE_SHIFT) << PAGE_SHIFT;
        continue;
      }
      boolean allowed = Bits.isSet(entry, write ? 7 : 6); // S2AP
      long base = Bits.get(entry, 47, shift) << shift;
      return allowed ? base | (ipa & Bits.mask(shift - 1, 0)) : FAULT;
    }
    return FAULT;
  }
}
