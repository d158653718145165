package ristretto.core.domain;

import ristretto.core.mm.GuestWalks;
import ristretto.machine.SysReg;

/**
 * The EL1 and EL0 system registers of a vCPU while another one is loaded: what a guest may write
 * without a trap, except the virtual GIC's and the timers', which have owners of their own.
 */
public final class El1Context {
  public long sctlr = SCTLR_EL1_RESET;
  public long cpacr;
  public long ttbr0;
  public long ttbr1;
  public long tcr;
  public long mair;
  public long amair;
  public long vbar;
  public long spEl0;
  public long spEl1;
  public long elr;
  public long spsr;
  public long esr;
  public long far;
  public long afsr0;
  public long afsr1;
  public long par;
  public long contextidr;
  public long tpidrEl0;
  public long tpidrroEl0;
  public long tpidrEl1;
  public long csselr;
  public long mdscr;

  /** MMU, caches and alignment checks off; reserved-one bits of Armv8.0. Arm ARM, "SCTLR_EL1". */
  static final long SCTLR_EL1_RESET = 0x30d0_0800L;

  /** Takes the registers of this CPU. */
  public void save() {
    sctlr = SysReg.SCTLR_EL1.read();
    cpacr = SysReg.CPACR_EL1.read();
    ttbr0 = SysReg.TTBR0_EL1.read();
    ttbr1 = SysReg.TTBR1_EL1.read();
    tcr = SysReg.TCR_EL1.read();
    mair = SysReg.MAIR_EL1.read();
    amair = SysReg.AMAIR_EL1.read();
    vbar = SysReg.VBAR_EL1.read();
    spEl0 = SysReg.SP_EL0.read();
    spEl1 = SysReg.SP_EL1.read();
    elr = SysReg.ELR_EL1.read();
    spsr = SysReg.SPSR_EL1.read();
    esr = SysReg.ESR_EL1.read();
    far = SysReg.FAR_EL1.read();
    afsr0 = SysReg.AFSR0_EL1.read();
    afsr1 = SysReg.AFSR1_EL1.read();
    par = SysReg.PAR_EL1.read();
    contextidr = SysReg.CONTEXTIDR_EL1.read();
    tpidrEl0 = SysReg.TPIDR_EL0.read();
    tpidrroEl0 = SysReg.TPIDRRO_EL0.read();
    tpidrEl1 = SysReg.TPIDR_EL1.read();
    csselr = SysReg.CSSELR_EL1.read();
    mdscr = SysReg.MDSCR_EL1.read();
  }

  /**
   * Puts the registers into this CPU; the ISB before the guest runs is the exception return. Walks
   * were stopped before the guest's stage 2 was loaded ({@link GuestWalks#stop}).
   */
  public void load() {
    SysReg.CPACR_EL1.write(cpacr);
    SysReg.TTBR0_EL1.write(ttbr0);
    SysReg.TTBR1_EL1.write(ttbr1);
    SysReg.MAIR_EL1.write(mair);
    SysReg.AMAIR_EL1.write(amair);
    SysReg.VBAR_EL1.write(vbar);
    SysReg.SP_EL0.write(spEl0);
    SysReg.SP_EL1.write(spEl1);
    SysReg.ELR_EL1.write(elr);
    SysReg.SPSR_EL1.write(spsr);
    SysReg.ESR_EL1.write(esr);
    SysReg.FAR_EL1.write(far);
    SysReg.AFSR0_EL1.write(afsr0);
    SysReg.AFSR1_EL1.write(afsr1);
    SysReg.PAR_EL1.write(par);
    SysReg.CONTEXTIDR_EL1.write(contextidr);
    SysReg.TPIDR_EL0.write(tpidrEl0);
    SysReg.TPIDRRO_EL0.write(tpidrroEl0);
    SysReg.TPIDR_EL1.write(tpidrEl1);
    SysReg.CSSELR_EL1.write(csselr);
    SysReg.MDSCR_EL1.write(mdscr);
    GuestWalks.resume(sctlr, tcr);
  }

  /** What PSCI CPU_ON gives a CPU: everything off, nothing left of an earlier life. */
  public void reset() {
    sctlr = SCTLR_EL1_RESET;
    cpacr = 0;
    ttbr0 = 0;
    ttbr1 = 0;
    tcr = 0;
    mair = 0;
    amair = 0;
    vbar = 0;
    spEl0 = 0;
    spEl1 = 0;
    elr = 0;
    spsr = 0;
    esr = 0;
    far = 0;
    afsr0 = 0;
    afsr1 = 0;
    par = 0;
    contextidr = 0;
    tpidrEl0 = 0;
    tpidrroEl0 = 0;
    tpidrEl1 = 0;
    csselr = 0;
    mdscr = 0;
  }
}
