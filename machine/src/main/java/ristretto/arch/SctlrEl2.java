package ristretto.arch;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.Bits;

/** SCTLR_EL2 where HCR_EL2.E2H is 0. Arm ARM DDI 0487, "SCTLR_EL2". */
@AssemblyConstants
public final class SctlrEl2 {
  private static final long RES1 =
      Bits.bit(4)
          | Bits.bit(5)
          | Bits.bit(11)
          | Bits.bit(16)
          | Bits.bit(18)
          | Bits.bit(22)
          | Bits.bit(23)
          | Bits.bit(28)
          | Bits.bit(29);

  private static final long M = Bits.bit(0); // MMU
  private static final long C = Bits.bit(2); // data cache
  private static final long SA = Bits.bit(3); // the stack pointer stays aligned to 16 bytes
  private static final long I = Bits.bit(12); // instruction cache
  private static final long WXN = Bits.bit(19); // what can be written is never executed

  /** Before the MMU is on. */
  public static final long OFF = RES1;

  /** From entry.S on, for good. */
  public static final long ON = RES1 | M | C | SA | I | WXN;

  private SctlrEl2() {}
}
