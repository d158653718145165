package ristretto.core.domain;

import java.util.concurrent.atomic.AtomicInteger;
import ristretto.lang.Cold;

/** Calls to the firmware that a domain has made and may not; each function is told once. */
@Cold
public final class RefusedCalls {
  /** Functions that are remembered: as many lines does a domain get (SECURITY rule 9). */
  private static final int FUNCTIONS = 8;

  private final int[] functions = new int[FUNCTIONS];
  private final AtomicInteger known = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();

  void reset() {
    known.set(0);
    calls.set(0);
  }

  /** How many there were. */
  public int count() {
    return calls.get();
  }

  /**
   * Counts a call; true if it is the first of its function, of those that can be remembered. Two
   * vCPUs that begin at once may both be the first.
   */
  public boolean isNew(int function) {
    int _ = calls.incrementAndGet();
    int count = Math.min(known.get(), FUNCTIONS);
    for (int i = 0; i < count; i++) {
      if (functions[i] == function) {
        return false;
      }
    }
    int slot = count < FUNCTIONS ? known.getAndIncrement() : FUNCTIONS;
    if (slot >= FUNCTIONS) {
      return false;
    }
    functions[slot] = function;
    return true;
  }
}
