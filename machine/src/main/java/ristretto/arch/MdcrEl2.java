package ristretto.arch;

import ristretto.lang.Bits;

/** MDCR_EL2, Monitor Debug Configuration Register. Arm ARM DDI 0487, "MDCR_EL2". */
public final class MdcrEl2 {
  private static final long TPMCR = Bits.bit(5);
  private static final long TPM = Bits.bit(6); // performance monitors
  private static final long TDA = Bits.bit(9); // debug registers
  private static final long TDOSA = Bits.bit(10); // OS lock and double lock
  private static final long TDRA = Bits.bit(11); // debug ROM
  private static final long TPMS = Bits.bit(14); // statistical profiling
  private static final long TTRF = Bits.bit(19); // trace filter

  /** Debug, performance monitor, profiling and trace registers trap. */
  public static final long TRAP_ALL = TPMCR | TPM | TDA | TDOSA | TDRA | TPMS | TTRF;

  private MdcrEl2() {}
}
