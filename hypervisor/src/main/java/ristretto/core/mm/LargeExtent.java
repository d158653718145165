package ristretto.core.mm;

import ristretto.lang.BootOnly;

/**
 * A block of guest memory that is too large to be cleared within one trap: it is taken whole,
 * charged at once, and cleared in steps. The toolstack's call is continued in between, and finds
 * here how far it is; a caller that never comes back leaves the block here until the domain ends,
 * or somebody asks for one of another size. Guarded by the lock of the domain's {@link P2m}.
 */
final class LargeExtent {
  /** Frames cleared in one step: 2 MiB. */
  private static final int STEP_ORDER = 9;

  /** {@link #step}: there is no such block, or the domain may not have it. */
  static final long NONE = -1;

  /** {@link #step}: ask again. */
  static final long UNFINISHED = -2;

  private final MemoryAccount account;
  private long first = NONE;
  private long cleared;
  private int order;

  @BootOnly
  LargeExtent(MemoryAccount account) {
    this.account = account;
  }

  /**
   * Goes on with a block of this order, larger than a step.
   *
   * @return its first frame, when all of it is cleared: it is the caller's then; {@link #NONE};
   *     {@link #UNFINISHED}
   */
  long step(int wanted) {
    if (wanted != order) {
      giveBack();
    }
    if (first == NONE) {
      first = Frames.allocateUnscrubbed(wanted, account, FrameType.RAM);
      order = wanted;
      cleared = 0;
      return first == NONE ? NONE : UNFINISHED;
    }
    Frames.scrub(first + cleared, STEP_ORDER, true);
    cleared += 1L << STEP_ORDER;
    if (cleared < 1L << order) {
      return UNFINISHED;
    }
    long whole = first;
    first = NONE;
    return whole;
  }

  /** Frees what was begun and not finished. */
  void giveBack() {
    if (first != NONE) {
      Frames.free(first, order); // nobody could refer to a part of it: one block still
      first = NONE;
    }
  }
}
