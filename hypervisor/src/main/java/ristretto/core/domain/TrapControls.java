package ristretto.core.domain;

import ristretto.arch.CptrEl2;
import ristretto.arch.HcrEl2;
import ristretto.arch.MdcrEl2;
import ristretto.core.cpu.Mitigations;
import ristretto.core.mm.P2m;
import ristretto.machine.Barrier;
import ristretto.machine.SysReg;

/**
 * What of the architecture traps to EL2. Deny by default (SECURITY rule 14): everything that can be
 * trapped and is not needed on a guest's ordinary path is.
 */
public final class TrapControls {
  private TrapControls() {}

  /** Sets this CPU's controls that are the same for all guests; HCR_EL2 comes with each vCPU. */
  public static void startThisCpu() {
    SysReg.HCR_EL2.write(HcrEl2.HYPERVISOR);
    SysReg.MDCR_EL2.write(MdcrEl2.TRAP_ALL);
    SysReg.CPTR_EL2.write(CptrEl2.TRAP_ALL);
    SysReg.HSTR_EL2.write(0);
    SysReg.CNTVOFF_EL2.write(0);
    SysReg.VTCR_EL2.write(P2m.vtcr().bits());
    Barrier.isb(); // before the first access that the new controls govern
    Mitigations.startThisCpu();
  }

  static void allowFloatingPoint() {
    SysReg.CPTR_EL2.write(CptrEl2.ALLOW_FP);
    Barrier.isb(); // FloatingPoint.restore follows at EL2, which CPTR_EL2 traps too
  }

  static void trapFloatingPoint() {
    SysReg.CPTR_EL2.write(CptrEl2.TRAP_ALL);
  }
}
