package ristretto.core.domain;

import ristretto.arch.CptrEl2;
import ristretto.arch.HcrEl2;
import ristretto.arch.MdcrEl2;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Errata;
import ristretto.core.cpu.Mitigations;
import ristretto.core.mm.P2m;
import ristretto.lang.Bits;
import ristretto.machine.Barrier;
import ristretto.machine.SysReg;

/**
 * What of the architecture traps to EL2. Deny by default (SECURITY rule 14): everything that can be
 * trapped and is not needed on a guest's ordinary path is.
 */
public final class TrapControls {
  /** MPAM2_EL2.TRAPMPAM0EL1 and TRAPMPAM1EL1; partition 0 for EL2 itself. */
  private static final long MPAM_TRAPS = Bits.mask(49, 48);

  /** VDISR_EL2 and VSESR_EL2 are there. The same on every CPU: they are one architecture's. */
  private static boolean hasErrorSyndromes;

  private TrapControls() {}

  /** Sets this CPU's controls that are the same for all guests; HCR_EL2 comes with each vCPU. */
  public static void startThisCpu() {
    SysReg.HCR_EL2.write(HcrEl2.HYPERVISOR);
    SysReg.MDCR_EL2.write(MdcrEl2.TRAP_ALL);
    SysReg.CPTR_EL2.write(CptrEl2.TRAP_ALL);
    SysReg.HSTR_EL2.write(0);
    SysReg.CNTVOFF_EL2.write(0);
    SysReg.VPIDR_EL2.write(SysReg.MIDR_EL1.read()); // a vCPU keeps to one class of CPUs
    SysReg.VTCR_EL2.write(P2m.vtcr().bits());
    denyLaterFeatures();
    Barrier.isb(); // before the first access that the new controls govern
    Errata.startThisCpu();
    Mitigations.startThisCpu();
    Cpu.current().idRegisters.readThisCpu();
  }

  /**
   * The controls that came with later architectures. Their values at reset are unknown, and 0 is
   * the right one: in HCRX_EL2 nothing is enabled; in the fine-grained traps the bits for features
   * newer than the registers trap at 0, and the older features have their traps elsewhere.
   */
  private static void denyLaterFeatures() {
    long memory0 = SysReg.ID_AA64MMFR0_EL1.read();
    long memory1 = SysReg.ID_AA64MMFR1_EL1.read();
    long processor = SysReg.ID_AA64PFR0_EL1.read();
    long fineGrained = Bits.get(memory0, 59, 56); // FGT
    if (fineGrained >= 1) {
      SysReg.HFGRTR_EL2.write(0);
      SysReg.HFGWTR_EL2.write(0);
      SysReg.HFGITR_EL2.write(0);
      SysReg.HDFGRTR_EL2.write(0);
      SysReg.HDFGWTR_EL2.write(0);
      if (Bits.get(processor, 47, 44) != 0) { // AMU
        SysReg.HAFGRTR_EL2.write(0);
      }
    }
    if (fineGrained >= 2) {
      SysReg.HFGRTR2_EL2.write(0);
      SysReg.HFGWTR2_EL2.write(0);
      SysReg.HFGITR2_EL2.write(0);
      SysReg.HDFGRTR2_EL2.write(0);
      SysReg.HDFGWTR2_EL2.write(0);
    }
    if (Bits.get(memory1, 43, 40) != 0) { // HCX
      SysReg.HCRX_EL2.write(0);
    }
    if (Bits.get(processor, 43, 40) != 0) { // MPAM
      SysReg.MPAM2_EL2.write(MPAM_TRAPS);
    }
    hasErrorSyndromes = Bits.get(processor, 31, 28) != 0; // RAS
  }

  /**
   * Forgets what the vCPU that was loaded here has deferred: a guest that is not offered RAS has
   * nothing to read in DISR_EL1, and no syndrome of another's.
   */
  static void forgetDeferredErrors() {
    if (hasErrorSyndromes) {
      SysReg.VDISR_EL2.write(0);
      SysReg.VSESR_EL2.write(0);
    }
  }

  static void allowFloatingPoint() {
    SysReg.CPTR_EL2.write(CptrEl2.ALLOW_FP);
    Barrier.isb(); // FloatingPoint.restore follows at EL2, which CPTR_EL2 traps too
  }

  static void trapFloatingPoint() {
    SysReg.CPTR_EL2.write(CptrEl2.TRAP_ALL);
  }
}
