package ristretto.core.cpu;

import ristretto.core.domain.Domain;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;

/**
 * The locks that one CPU holds, linked from the innermost outwards through the locks themselves.
 * Serves two ends: the order check at every acquisition, and the release of everything when a fault
 * of a trap is contained.
 */
public final class HeldLocks {
  private HeldLocks() {}

  /** Locks may be released in any order. */
  @Inline
  static void remove(Cpu cpu, SpinLock lock) {
    if (cpu.innermostLock == lock) {
      cpu.innermostLock = lock.outer;
    } else {
      removeFromWithin(cpu, lock);
    }
  }

  @NoInline
  private static void removeFromWithin(Cpu cpu, SpinLock lock) {
    for (SpinLock at = cpu.innermostLock; at != null; at = at.outer) {
      if (at.outer == lock) {
        at.outer = lock.outer;
        return;
      }
    }
    throw new AssertionError();
  }

  public static int count(Cpu cpu) {
    int count = 0;
    for (SpinLock at = cpu.innermostLock; at != null; at = at.outer) {
      count++;
    }
    return count;
  }

  /** A lock of more than one domain's state is held: that state may be half changed. */
  public static boolean guardSharedState(Cpu cpu) {
    for (SpinLock at = cpu.innermostLock; at != null; at = at.outer) {
      if (at.rank.guardsSharedState()) {
        return true;
      }
    }
    return false;
  }

  /** Containment of a fault: the domains whose locks are held may be half changed. */
  public static void markOwners(Cpu cpu) {
    for (SpinLock at = cpu.innermostLock; at != null; at = at.outer) {
      Domain owner = at.owner;
      if (owner != null) {
        owner.halfChanged = true;
      }
    }
  }

  /** Containment of a fault on this CPU: what the abandoned trap held is free again. */
  public static void releaseAll(Cpu cpu) {
    for (SpinLock at = cpu.innermostLock; at != null; at = cpu.innermostLock) {
      at.unlock();
    }
  }
}
