package ristretto.core.cpu;

import org.jspecify.annotations.Nullable;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;

/**
 * The locks that one CPU holds, linked from the innermost outwards through the locks themselves.
 * Serves two ends: the order check at every acquisition, and the release of everything when a fault
 * of a trap is contained.
 */
public final class HeldLocks {
  private @Nullable SpinLock innermost;

  /** A lock of this rank may be taken now. */
  @Inline
  boolean allows(int rank) {
    SpinLock held = innermost;
    return held == null || held.order < rank;
  }

  @Inline
  void push(SpinLock lock) {
    lock.outer = innermost;
    innermost = lock;
  }

  /** Locks may be released in any order. */
  @Inline
  void remove(SpinLock lock) {
    if (innermost == lock) {
      innermost = lock.outer;
    } else {
      removeFromWithin(lock);
    }
  }

  @NoInline
  private void removeFromWithin(SpinLock lock) {
    for (SpinLock at = innermost; at != null; at = at.outer) {
      if (at.outer == lock) {
        at.outer = lock.outer;
        return;
      }
    }
    throw new AssertionError();
  }

  public int count() {
    int count = 0;
    for (SpinLock at = innermost; at != null; at = at.outer) {
      count++;
    }
    return count;
  }

  /** A lock of more than one domain's state is held: that state may be half changed. */
  public boolean guardSharedState() {
    for (SpinLock at = innermost; at != null; at = at.outer) {
      if (at.rank.guardsSharedState()) {
        return true;
      }
    }
    return false;
  }

  /** Containment of a fault: what the abandoned trap held is free again. */
  public void releaseAll() {
    for (SpinLock at = innermost; at != null; at = innermost) {
      at.unlock();
    }
  }
}
