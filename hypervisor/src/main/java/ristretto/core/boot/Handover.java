package ristretto.core.boot;

import ristretto.core.mm.CacheLine;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Barrier;
import ristretto.machine.Cache;

/** What a guest that starts with MMU and caches off must find in memory itself. */
final class Handover {
  private Handover() {}

  /**
   * Cleans [base, base + size) to the point of coherency and forgets old instructions: the guest's
   * first fetches do not go through our caches.
   */
  @BootOnly
  static void publish(long base, long size) {
    long line = CacheLine.shortest();
    for (long at = Bits.alignDown(base, line); at < base + size; at += line) {
      Cache.clean(at);
    }
    Barrier.dsbSy();
    Cache.invalidateInstructions();
    Barrier.dsbIsh();
    Barrier.isb();
  }
}
