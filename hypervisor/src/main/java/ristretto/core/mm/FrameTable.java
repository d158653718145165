package ristretto.core.mm;

import ristretto.lang.Inline;
import ristretto.machine.Memory;

/** The banks of RAM, and a {@link FrameEntry} for each of their frames. */
final class FrameTable {
  /** Banks after those that cross 4 GiB were cut in two. */
  static final int MAX_BANKS = 32;

  private final long[] firstFrame = new long[MAX_BANKS];
  private final long[] frameCount = new long[MAX_BANKS];
  private final long[] entries = new long[MAX_BANKS];
  private int banks;

  void clear() {
    banks = 0;
  }

  /** Adds a bank whose entries, all zero, are at the hypervisor address {@code table}. */
  void add(long first, long count, long table) {
    firstFrame[banks] = first;
    frameCount[banks] = count;
    entries[banks] = table;
    banks++;
  }

  int banks() {
    return banks;
  }

  long firstFrame(int bank) {
    return firstFrame[bank];
  }

  long frameCount(int bank) {
    return frameCount[bank];
  }

  /** The bank of a frame, or -1: not RAM that we manage. */
  @Inline
  int bank(long frame) {
    for (int i = 0; i < banks; i++) {
      if (Long.compareUnsigned(frame - firstFrame[i], frameCount[i]) < 0) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Address of a frame's entry, or 0: not RAM that we manage. The entries of a block lie together.
   */
  @Inline
  long slot(long frame) {
    int bank = bank(frame);
    return bank < 0 ? 0 : address(bank, frame);
  }

  static FrameEntry load(long slot) {
    return new FrameEntry(Memory.load32(slot));
  }

  static void store(long slot, FrameEntry entry) {
    Memory.store32(slot, entry.bits());
  }

  /** The entry of a frame; a frame that is in no bank reads as TAIL. */
  @Inline
  FrameEntry get(long frame) {
    int bank = bank(frame);
    return bank < 0 ? FrameEntry.TAIL : new FrameEntry(Memory.load32(address(bank, frame)));
  }

  /** Sets the entry of a frame that is in a bank. */
  @Inline
  void set(long frame, FrameEntry entry) {
    Memory.store32(address(bank(frame), frame), entry.bits());
  }

  /**
   * First frame of the block that holds {@code frame}, or -1 when no block does. The block, if
   * there is one, begins where the lowest set bits of the frame number are cleared; a nearer block
   * that ends before the frame rules out a farther one, because blocks do not overlap.
   */
  long head(long frame) {
    int bank = bank(frame);
    if (bank < 0) {
      return -1;
    }
    long lowest = Math.max(firstFrame[bank], frame & -(1L << FreeLists.MAX_ORDER));
    long first = frame;
    while (first >= lowest) {
      FrameEntry entry = new FrameEntry(Memory.load32(address(bank, first)));
      if (!entry.isTail()) {
        return frame - first < 1L << entry.order() ? first : -1;
      }
      first &= first - 1;
    }
    return -1;
  }

  /** Hypervisor address of an entry. */
  long address(int bank, long frame) {
    return entries[bank] + (frame - firstFrame[bank]) * FrameEntry.SIZEOF;
  }
}
