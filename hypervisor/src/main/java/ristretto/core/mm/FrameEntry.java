package ristretto.core.mm;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/**
 * What the frame table holds for one 4 KiB frame: 4 bytes, so that a gigabyte of RAM costs one
 * megabyte. A block of 2^order frames is described by the entry of its first frame; the others are
 * {@link #TAIL}, so that handing out a gigabyte writes one entry. A block that is not described by
 * any entry is reserved: firmware, the image, modules.
 */
@Unboxed
record FrameEntry(int bits) {
  static final int SIZEOF = Integer.BYTES;

  static final int STATE_TAIL = 0;
  static final int STATE_FREE = 1;
  static final int STATE_ALLOCATED = 2;

  /** Given back by its owner while others still have it mapped. */
  static final int STATE_DYING = 3;

  static final FrameEntry TAIL = new FrameEntry(0);

  /** Most references that one frame can have; one more is refused. */
  static final int MOST_REFERENCES = (int) Bits.mask(14, 0);

  static FrameEntry free(int order) {
    return new FrameEntry(0).with(31, 30, STATE_FREE).withOrder(order);
  }

  static FrameEntry allocated(int order, int account, int type) {
    return new FrameEntry(0)
        .with(31, 30, STATE_ALLOCATED)
        .withOrder(order)
        .with(24, 17, account)
        .with(16, 15, type);
  }

  @Inline
  int state() {
    return Bits.get(bits, 31, 30);
  }

  @Inline
  boolean isTail() {
    return bits == 0;
  }

  /** Base 2 logarithm of the block's frames. */
  @Inline
  int order() {
    return Bits.get(bits, 29, 25);
  }

  @Inline
  FrameEntry withOrder(int order) {
    return with(29, 25, order);
  }

  /** Allocated blocks: index of the {@link MemoryAccount}. */
  @Inline
  int account() {
    return Bits.get(bits, 24, 17);
  }

  /** Allocated blocks: one of {@link FrameType}. */
  @Inline
  int type() {
    return Bits.get(bits, 16, 15);
  }

  /** Allocated blocks of one frame: uses beside the owner's own. */
  @Inline
  int references() {
    return Bits.get(bits, 14, 0);
  }

  @Inline
  FrameEntry withReferences(int references) {
    return with(14, 0, references);
  }

  @Inline
  FrameEntry dying() {
    return with(31, 30, STATE_DYING);
  }

  @Inline
  private FrameEntry with(int hi, int lo, int value) {
    return new FrameEntry(Bits.put(bits, hi, lo, value));
  }
}
