package ristretto.arch;

import ristretto.lang.Bits;

/** HCR_EL2, Hypervisor Configuration Register. Arm ARM DDI 0487, "HCR_EL2". */
public final class HcrEl2 {
  private static final long VM = Bits.bit(0); // stage 2 on
  private static final long SWIO = Bits.bit(1); // set/way invalidate becomes clean and invalidate
  private static final long PTW = Bits.bit(2); // a stage 1 walk through device memory faults
  private static final long FMO = Bits.bit(3);
  private static final long IMO = Bits.bit(4);
  private static final long AMO = Bits.bit(5);
  private static final long FB = Bits.bit(9); // guest's local TLB and cache maintenance reaches all
  private static final long BSU_INNER = Bits.put(0, 11, 10, 0b01); // guest's barriers too
  private static final long TWI = Bits.bit(13);
  private static final long TID1 = Bits.bit(16); // REVIDR_EL1, AIDR_EL1, SMIDR_EL1
  private static final long TID3 = Bits.bit(18); // ID registers
  private static final long TSC = Bits.bit(19); // SMC
  private static final long TIDCP = Bits.bit(20); // implementation defined registers
  private static final long TACR = Bits.bit(21);
  private static final long RW = Bits.bit(31); // EL1 is AArch64
  private static final long TLOR = Bits.bit(35); // LORegions
  private static final long TERR = Bits.bit(36); // error records of RAS
  private static final long TID5 = Bits.bit(58); // GMID_EL1

  /** A virtual SError is pending: the guest takes it once PSTATE.A is clear, which ends this. */
  public static final long VSE = Bits.bit(8);

  /** While no guest is loaded: interrupts and SErrors come to EL2. */
  public static final long HYPERVISOR = FMO | IMO | AMO | RW;

  /**
   * An AArch64 guest. What an implementation lacks is reserved and may be written 1. Other bits
   * that later architectures added stay 0, which traps or disables what they are about.
   */
  public static final long GUEST =
      VM | SWIO | PTW | FMO | IMO | AMO | FB | BSU_INNER | TWI | TID1 | TID3 | TSC | TIDCP | TACR
          | RW | TLOR | TERR | TID5;

  /** The same, but WFI is the CPU's own: it does not trap. WFE never does. */
  public static final long GUEST_WAITS_NATIVELY = GUEST & ~TWI;

  private HcrEl2() {}
}
