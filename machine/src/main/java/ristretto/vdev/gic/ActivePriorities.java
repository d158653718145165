package ristretto.vdev.gic;

import ristretto.lang.HostOnly;

/**
 * Priorities of interrupts that were acknowledged and whose priority was not dropped, 32 levels.
 */
@HostOnly
final class ActivePriorities {
  private static final int IDLE = 0xff;

  private int bits;

  int bits() {
    return bits;
  }

  void set(int value) {
    bits = value;
  }

  void push(int priority) {
    bits |= 1 << (priority >>> 3);
  }

  /** Drops the highest. */
  void pop() {
    bits &= bits - 1;
  }

  /** The running priority. */
  int running() {
    return bits == 0 ? IDLE : Integer.numberOfTrailingZeros(bits) << 3;
  }
}
