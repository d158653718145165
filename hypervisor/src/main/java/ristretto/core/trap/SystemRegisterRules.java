package ristretto.core.trap;

import ristretto.lang.Bits;
import ristretto.machine.SysReg;

/**
 * What a guest kernel may do with registers that always trap and have no state of their own. Self
 * hosted debug is not offered: its registers read as zero and forget what is written, which is what
 * Linux expects of a machine whose debugger is elsewhere. All others are undefined.
 */
final class SystemRegisterRules {
  /** OSLSR_EL1 with OSLM 0b10, "OS lock implemented", and OSLK 0. */
  static final long OS_LOCK_IMPLEMENTED_OPEN = Bits.bit(3);

  /** How an access is answered. */
  enum Rule {
    UNDEFINED,
    READ_ZERO_IGNORE_WRITE,
    REVISION,
    OS_LOCK_STATUS
  }

  private static final int[] READ_ZERO = {
    SysReg.encoding(2, 0, 0, 2, 0), // MDCCINT_EL1
    SysReg.encoding(2, 3, 0, 1, 0), // MDCCSR_EL0
    SysReg.MDSCR_EL1.encoding(),
    SysReg.OSLAR_EL1.encoding(),
    SysReg.OSDLR_EL1.encoding(),
    SysReg.encoding(2, 0, 1, 0, 0), // MDRAR_EL1
    SysReg.encoding(2, 0, 1, 4, 4), // DBGPRCR_EL1
    SysReg.encoding(3, 0, 1, 0, 1), // ACTLR_EL1
    SysReg.encoding(3, 3, 9, 14, 0), // PMUSERENR_EL0: some kernels clear it on CPUs without a PMU
    SysReg.encoding(3, 3, 9, 12, 0), // PMCR_EL0
    SysReg.encoding(3, 0, 9, 14, 2), // PMINTENCLR_EL1
    SysReg.ICC_SRE_EL1.encoding(),
    SysReg.encoding(3, 1, 0, 0, 7), // AIDR_EL1
  };

  private SystemRegisterRules() {}

  static Rule of(int encoding) {
    if (encoding == SysReg.OSLSR_EL1.encoding()) {
      return Rule.OS_LOCK_STATUS;
    }
    if (encoding == SysReg.REVIDR_EL1.encoding()) {
      return Rule.REVISION;
    }
    if (isBreakpointOrWatchpoint(encoding)) {
      return Rule.READ_ZERO_IGNORE_WRITE;
    }
    for (int known : READ_ZERO) {
      if (known == encoding) {
        return Rule.READ_ZERO_IGNORE_WRITE;
      }
    }
    return Rule.UNDEFINED;
  }

  /** DBGBVRn, DBGBCRn, DBGWVRn and DBGWCRn_EL1: op0 2, op1 0, CRn 0, CRm n, op2 4 to 7. */
  private static boolean isBreakpointOrWatchpoint(int encoding) {
    int first = SysReg.encoding(2, 0, 0, 0, 4);
    int last = SysReg.encoding(2, 0, 0, 15, 7);
    return encoding >= first && encoding <= last && Bits.isSet(encoding, 2);
  }
}
