package ristretto.core.boot;

import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Barrier;
import ristretto.machine.Cache;

/** What a guest that starts with MMU and caches off must find in memory itself. */
final class Handover {
  /** The smallest line that CTR_EL0.DminLine has on any CPU we know; a larger one costs nothing. */
  private static final int LINE = 64;

  private Handover() {}

  /**
   * Cleans [base, base + size) to the point of coherency and forgets old instructions: the guest's
   * first fetches do not go through our caches.
   */
  @BootOnly
  static void publish(long base, long size) {
    for (long at = Bits.alignDown(base, LINE); at < base + size; at += LINE) {
      Cache.clean(at);
    }
    Barrier.dsbSy();
    Cache.invalidateInstructions();
    Barrier.dsbIsh();
    Barrier.isb();
  }
}
