package ristretto.core.mm;

import ristretto.lang.Bits;
import ristretto.machine.Barrier;
import ristretto.machine.SysReg;
import ristretto.machine.Tlb;

/**
 * Forgets translations of a domain on all CPUs. TLB instructions act on the VMID in VTTBR_EL2, so
 * another domain's is loaded for the time being.
 *
 * <p>While VTTBR_EL2 and the EL1 registers belong to different guests, a CPU may walk from one's
 * stage 1 through the other's stage 2 and keep what it finds: errata 1165522 (Cortex-A76), 1319367
 * (A72), 1319537 (A57), 1530923 (A55). Stage 1 walks are off meanwhile.
 */
final class Stage2Tlb {
  private Stage2Tlb() {}

  /**
   * Forgets pages; their stage 2 entries are invalid already.
   *
   * @param pages IPA[51:12] of each
   */
  static void forget(long vttbr, long[] pages, int count) {
    Barrier.dsbIshst(); // the invalid entries, before any walk that follows the TLBI
    if (SysReg.VTTBR_EL2.read() == vttbr) {
      invalidate(pages, count);
    } else {
      long tcr = SysReg.TCR_EL1.read();
      long sctlr = SysReg.SCTLR_EL1.read();
      long loaded = enter(vttbr, tcr, sctlr);
      invalidate(pages, count);
      leave(loaded, tcr, sctlr);
    }
  }

  /** Forgets everything of the VMID. */
  static void forgetAll(long vttbr) {
    Barrier.dsbIshst();
    long tcr = SysReg.TCR_EL1.read();
    long sctlr = SysReg.SCTLR_EL1.read();
    long loaded = enter(vttbr, tcr, sctlr);
    Tlb.vmalls12e1is();
    Barrier.dsbIsh();
    leave(loaded, tcr, sctlr);
  }

  private static void invalidate(long[] pages, int count) {
    for (int i = 0; i < count; i++) {
      Tlb.ipas2e1is(pages[i]);
    }
    Barrier.dsbIsh(); // stage 2 is gone before what was combined from it
    Tlb.vmalle1is();
    Barrier.dsbIsh(); // complete on all CPUs: the frames may have another use
    Barrier.isb();
  }

  /** Returns the VTTBR_EL2 that was loaded. */
  private static long enter(long vttbr, long tcr, long sctlr) {
    long loaded = SysReg.VTTBR_EL2.read();
    long noWalks = Bits.with(Bits.with(tcr, 7, true), 23, true); // EPD0, EPD1
    SysReg.TCR_EL1.write(noWalks);
    Barrier.isb();
    SysReg.SCTLR_EL1.write(Bits.with(sctlr, 0, true)); // M: or EPD would not count
    Barrier.isb();
    SysReg.VTTBR_EL2.write(vttbr);
    Barrier.isb();
    return loaded;
  }

  private static void leave(long loaded, long tcr, long sctlr) {
    SysReg.VTTBR_EL2.write(loaded);
    Barrier.isb();
    SysReg.SCTLR_EL1.write(sctlr);
    SysReg.TCR_EL1.write(tcr);
    Barrier.isb();
  }
}
