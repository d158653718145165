package ristretto.core.mm;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * What the frame table holds for one 4 KiB frame. A block of 2^order frames is described by the
 * entry of its first frame; the others are {@link #TAIL}, so that handing out a gigabyte writes one
 * entry. A block that is not described by any entry is reserved: firmware, the image, modules.
 */
@Unboxed
record FrameEntry(long bits) {
  static final int STATE_TAIL = 0;
  static final int STATE_FREE = 1;
  static final int STATE_ALLOCATED = 2;

  /** Given back by its owner while others still have it mapped. */
  static final int STATE_DYING = 3;

  static final FrameEntry TAIL = new FrameEntry(0);

  /** Ends a list of free blocks. */
  static final long NO_FRAME = Bits.mask(27, 0);

  /** Most references that one frame can have. */
  static final long MOST_REFERENCES = Bits.mask(31, 0);

  static FrameEntry free(int order, long next, long previous) {
    return new FrameEntry(0)
        .with(63, 61, STATE_FREE)
        .withOrder(order)
        .withNext(next)
        .withPrevious(previous);
  }

  static FrameEntry allocated(int order, int account, int type) {
    return new FrameEntry(0)
        .with(63, 61, STATE_ALLOCATED)
        .withOrder(order)
        .with(55, 42, account)
        .with(41, 39, type);
  }

  @Inline
  int state() {
    return (int) Bits.get(bits, 63, 61);
  }

  @Inline
  boolean isTail() {
    return bits == 0;
  }

  /** Base 2 logarithm of the block's frames. */
  @Inline
  int order() {
    return (int) Bits.get(bits, 60, 56);
  }

  @Inline
  FrameEntry withOrder(int order) {
    return with(60, 56, order);
  }

  /** Free blocks: frame of the next block in the list. */
  @Inline
  long next() {
    return Bits.get(bits, 55, 28);
  }

  @Inline
  FrameEntry withNext(long frame) {
    return with(55, 28, frame);
  }

  /** Free blocks: frame of the previous block in the list. */
  @Inline
  long previous() {
    return Bits.get(bits, 27, 0);
  }

  @Inline
  FrameEntry withPrevious(long frame) {
    return with(27, 0, frame);
  }

  /** Allocated blocks: index of the {@link MemoryAccount}. */
  @Inline
  int account() {
    return (int) Bits.get(bits, 55, 42);
  }

  /** Allocated blocks: one of {@link FrameType}. */
  @Inline
  int type() {
    return (int) Bits.get(bits, 41, 39);
  }

  /** Allocated blocks of one frame: uses beside the owner's own. */
  @Inline
  long references() {
    return Bits.get(bits, 31, 0);
  }

  @Inline
  FrameEntry withReferences(long references) {
    return with(31, 0, references);
  }

  @Inline
  FrameEntry dying() {
    return with(63, 61, STATE_DYING);
  }

  @Inline
  private FrameEntry with(int hi, int lo, long value) {
    return new FrameEntry(Bits.put(bits, hi, lo, value));
  }
}
