package ristretto.core.mm;

import ristretto.lang.Bits;
import ristretto.machine.Barrier;
import ristretto.machine.SysReg;

/**
 * Keeps the CPU from walking a guest's stage 1 tables while EL2 puts another stage 2 under them. It
 * might else, by speculation, go from one guest's tables through the other's stage 2 and keep what
 * it finds under the wrong VMID: errata 1165522 (Cortex-A76), 1319367 (A72), 1319537 (A57), 1530923
 * (A55). Done on every CPU: the architecture promises no more.
 */
public final class GuestWalks {
  private GuestWalks() {}

  /** Stops walks through what TCR_EL1 and SCTLR_EL1 hold now; who writes both again ends that. */
  public static void stop() {
    long tcr = SysReg.TCR_EL1.read();
    SysReg.TCR_EL1.write(Bits.with(Bits.with(tcr, 7, true), 23, true)); // EPD0, EPD1
    Barrier.isb(); // no walk may begin before SCTLR_EL1 says that there are tables
    SysReg.SCTLR_EL1.write(Bits.with(SysReg.SCTLR_EL1.read(), 0, true)); // M: or EPD does not count
    Barrier.isb(); // before VTTBR_EL2 changes
  }

  /** Walks go on, through tables that belong to the stage 2 which is loaded by now. */
  public static void resume(long sctlr, long tcr) {
    Barrier.isb(); // VTTBR_EL2 and the table registers before this
    SysReg.SCTLR_EL1.write(sctlr);
    SysReg.TCR_EL1.write(tcr);
  }
}
