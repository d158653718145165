package ristretto.core.trap;

import ristretto.arch.Esr;
import ristretto.arch.Pstate;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * Exceptions that the hypervisor makes the loaded vCPU take to its EL1. Arm ARM DDI 0487,
 * "Exception entry": the old state goes to ELR_EL1 and SPSR_EL1, the new one is EL1h with all masks
 * set, and the vector follows from where the exception came.
 */
public final class Injection {
  /** Offsets into the vector table by source. Arm ARM DDI 0487, "Exception vectors". */
  private static final int CURRENT_SP0 = 0x000;

  private static final int CURRENT_SPX = 0x200;
  private static final int LOWER_AARCH64 = 0x400;
  private static final int LOWER_AARCH32 = 0x600;

  /** DFSC and IFSC: synchronous external abort, not on a table walk. */
  private static final int EXTERNAL_ABORT = 0x10;

  private Injection() {}

  /** Undefined Instruction at the current program counter. */
  @Cold
  public static void undefined(Vcpu vcpu, boolean is32BitInstruction) {
    enter(vcpu, syndrome(Esr.EC_UNKNOWN, is32BitInstruction, 0));
  }

  /** Synchronous external abort for the access that has just trapped; FAR_EL2 is its address. */
  @Cold
  public static void externalAbort(Vcpu vcpu, Esr esr) {
    boolean instruction = esr.ec() == Esr.EC_INSTRUCTION_ABORT_LOWER;
    boolean lower =
        (vcpu.frame.spsr() & Pstate.MODE_MASK) != Pstate.MODE_EL1H
            && (vcpu.frame.spsr() & Pstate.MODE_MASK) != Pstate.MODE_EL1T;
    int ec = instruction ? Esr.EC_INSTRUCTION_ABORT_LOWER : Esr.EC_DATA_ABORT_LOWER;
    long iss = Bits.put(esr.iss(), 5, 0, EXTERNAL_ABORT);
    SysReg.FAR_EL1.write(SysReg.FAR_EL2.read());
    enter(vcpu, syndrome(lower ? ec : ec + 1, esr.il(), keptOfAbort(iss)));
  }

  /** WnR and CM say what the guest did; the register fields describe a stage 2 abort only. */
  private static long keptOfAbort(long iss) {
    return iss & (Bits.mask(8, 8) | Bits.mask(6, 6) | Bits.mask(5, 0));
  }

  private static long syndrome(int ec, boolean is32BitInstruction, long iss) {
    return Bits.put(Bits.with(iss, 25, is32BitInstruction), 31, 26, ec);
  }

  private static void enter(Vcpu vcpu, long syndrome) {
    long spsr = vcpu.frame.spsr();
    SysReg.ELR_EL1.write(vcpu.frame.elr());
    SysReg.SPSR_EL1.write(spsr);
    SysReg.ESR_EL1.write(syndrome);
    vcpu.frame.setElr(SysReg.VBAR_EL1.read() + source(spsr));
    vcpu.frame.setSpsr(Pstate.onEntryToEl1(spsr, SysReg.SCTLR_EL1.read()));
  }

  private static int source(long spsr) {
    if ((spsr & Pstate.MODE_AARCH32) != 0) {
      return LOWER_AARCH32;
    }
    return switch ((int) spsr & Pstate.MODE_MASK) {
      case Pstate.MODE_EL0T -> LOWER_AARCH64;
      case Pstate.MODE_EL1T -> CURRENT_SP0;
      default -> CURRENT_SPX;
    };
  }
}
