package ristretto.core.cpu;

import org.jspecify.annotations.Nullable;

/**
 * The locks that one CPU holds, innermost last. Serves two ends: the order check at every
 * acquisition, and the release of everything when a fault of a trap is contained.
 */
public final class HeldLocks {
  private final @Nullable SpinLock[] locks = new SpinLock[LockRank.values().length];
  private int count;

  /** A lock of this rank may be taken now. */
  boolean allows(LockRank rank) {
    if (count == 0) {
      return true;
    }
    SpinLock innermost = locks[count - 1];
    return innermost != null && innermost.rank.ordinal() < rank.ordinal();
  }

  void push(SpinLock lock) {
    locks[count] = lock;
    count++;
  }

  /** Locks may be released in any order. */
  void remove(SpinLock lock) {
    int at = count - 1;
    while (at >= 0 && locks[at] != lock) {
      at--;
    }
    if (at < 0) {
      throw new AssertionError();
    }
    count--;
    for (int i = at; i < count; i++) {
      locks[i] = locks[i + 1];
    }
    locks[count] = null;
  }

  public int count() {
    return count;
  }

  /** A lock of more than one domain's state is held: that state may be half changed. */
  public boolean guardSharedState() {
    for (int i = 0; i < count; i++) {
      SpinLock lock = locks[i];
      if (lock != null && lock.rank.guardsSharedState()) {
        return true;
      }
    }
    return false;
  }

  /** Containment of a fault: what the abandoned trap held is free again. */
  public void releaseAll() {
    while (count > 0) {
      SpinLock lock = locks[count - 1];
      if (lock == null) {
        throw new AssertionError();
      }
      lock.unlock();
    }
  }
}
