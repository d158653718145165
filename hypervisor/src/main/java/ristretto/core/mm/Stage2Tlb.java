package ristretto.core.mm;

import ristretto.core.cpu.Errata;
import ristretto.machine.Barrier;
import ristretto.machine.SysReg;
import ristretto.machine.Tlb;

/**
 * Forgets translations of a domain on all CPUs, those included that {@link Stage2Readers} have. TLB
 * instructions act on the VMID in VTTBR_EL2, so another domain's is loaded for the time being.
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
      long loaded = enter(vttbr);
      invalidate(pages, count);
      leave(loaded, sctlr, tcr);
    }
    Stage2Readers.awaitOthers();
  }

  /** Forgets everything of the VMID. */
  static void forgetAll(long vttbr) {
    Barrier.dsbIshst();
    long tcr = SysReg.TCR_EL1.read();
    long sctlr = SysReg.SCTLR_EL1.read();
    long loaded = enter(vttbr);
    Tlb.vmalls12e1is();
    Barrier.dsbIsh();
    if (Errata.repeatsInvalidation()) {
      Tlb.vmalls12e1is();
      Barrier.dsbIsh();
    }
    leave(loaded, sctlr, tcr);
    Stage2Readers.awaitOthers();
  }

  private static void invalidate(long[] pages, int count) {
    invalidateOnce(pages, count);
    if (Errata.repeatsInvalidation()) {
      invalidateOnce(pages, count);
    }
    Barrier.isb();
  }

  private static void invalidateOnce(long[] pages, int count) {
    for (int i = 0; i < count; i++) {
      Tlb.ipas2e1is(pages[i]);
    }
    Barrier.dsbIsh(); // stage 2 is gone before what was combined from it
    Tlb.vmalle1is();
    Barrier.dsbIsh(); // complete on all CPUs: the frames may have another use
  }

  /** Returns the VTTBR_EL2 that was loaded. */
  private static long enter(long vttbr) {
    long loaded = SysReg.VTTBR_EL2.read();
    GuestWalks.stop();
    SysReg.VTTBR_EL2.write(vttbr);
    Barrier.isb(); // before the TLBI
    return loaded;
  }

  private static void leave(long loaded, long sctlr, long tcr) {
    SysReg.VTTBR_EL2.write(loaded);
    GuestWalks.resume(sctlr, tcr);
    Barrier.isb();
  }
}
