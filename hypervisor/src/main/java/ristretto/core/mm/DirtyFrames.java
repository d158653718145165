package ristretto.core.mm;

import ristretto.lang.Bits;
import ristretto.machine.Memory;

/**
 * Which free frames may still hold what somebody has left in them: a bit each, beside the frame
 * table. A free frame without its bit is zero and cleaned to the point of coherency, but for the
 * links of {@link FreeLists}. The bits of a frame that is not free concern its owner alone, who
 * {@linkplain #claim claims} them before a guest sees the frame. Guarded by the lock of {@link
 * Frames}.
 */
final class DirtyFrames {
  /** Frames of one word. */
  static final int WORD_FRAMES = Long.SIZE;

  static final int WORD_ORDER = 6;
  private static final long ALL = -1;

  /** Words that one {@link #next} looks at, at most. */
  private static final int MOST_WORDS = 32;

  /** {@link #next}: nothing found, yet. */
  static final long NONE = -1;

  /** Frames that are scrubbed in one go, at most: some microseconds. */
  private static final int MOST_FRAMES = 4;

  private final FrameTable table;

  /** By bank: hypervisor address of the word with frame 0's bit, if there were one. */
  private final long[] bits = new long[FrameTable.MAX_BANKS];

  /** Idle CPUs may scrub. */
  private boolean open;

  /** They have something to do, perhaps. */
  private volatile boolean any;

  /**
   * By bank: where frames have become free since idle CPUs last looked, from one frame up to
   * another. What has been free since the boot waits until somebody wants it.
   */
  private final long[] from = new long[FrameTable.MAX_BANKS];

  private final long[] until = new long[FrameTable.MAX_BANKS];

  /** Nothing is to be looked at in banks before this one. */
  private int bank;

  /** Dirty frames of one free block that begin with the last result of {@link #next}. */
  private int run;

  DirtyFrames(FrameTable table) {
    this.table = table;
  }

  void clear() {
    open = false;
    any = false;
  }

  /** From now on idle CPUs scrub what becomes free. */
  void open() {
    for (int i = 0; i < FrameTable.MAX_BANKS; i++) {
      closeBank(i);
    }
    bank = 0;
    open = true;
  }

  private void closeBank(int of) {
    from[of] = Long.MAX_VALUE;
    until[of] = 0;
  }

  /** Bytes of the bits of a bank. */
  static long size(long first, long count) {
    return ((first + count - 1) / WORD_FRAMES - first / WORD_FRAMES + 1) * Long.BYTES;
  }

  /** Gives a bank its bits, all zero. */
  void add(int of, long first, long address) {
    bits[of] = address - first / WORD_FRAMES * Long.BYTES;
  }

  /** Another CPU may see it late: what is found later is found soon enough. */
  boolean hasAny() {
    return any;
  }

  /** A block of {@code bank} becomes free. */
  void mark(int of, long frame, int order) {
    long at = word(of, frame);
    if (order < WORD_ORDER) {
      Memory.store64(at, Memory.load64(at) | mask(frame, order));
    } else {
      long end = at + ((long) Long.BYTES << order - WORD_ORDER);
      for (; at < end; at += Long.BYTES) {
        Memory.store64(at, ALL);
      }
    }
    if (open) {
      from[of] = Math.min(from[of], frame);
      until[of] = Math.max(until[of], frame + (1L << order));
      bank = Math.min(bank, of);
      any = true;
    }
  }

  /** Whoever takes the block does not care what is in it. */
  void drop(long frame, int order) {
    long at = word(table.bank(frame), frame);
    if (order < WORD_ORDER) {
      Memory.store64(at, Memory.load64(at) & ~mask(frame, order));
    } else {
      Memory.zero(at, (long) Long.BYTES << order - WORD_ORDER);
    }
  }

  /**
   * The dirty ones of a block of at most {@link #WORD_FRAMES}, which are the caller's to scrub now.
   *
   * @return bit n: frame {@code frame + n}
   */
  long claim(long frame, int order) {
    long at = word(table.bank(frame), frame);
    long word = Memory.load64(at);
    long mask = mask(frame, order);
    if ((word & mask) != 0) {
      Memory.store64(at, word & ~mask);
    }
    return (word & mask) >>> frame;
  }

  /** Frames after the result of {@link #next}, that one included, which are free and dirty too. */
  int run() {
    return run;
  }

  /** The result of {@link #next} and its {@link #run} have been scrubbed. */
  void scrubbed(long frame) {
    long at = word(bank, frame);
    Memory.store64(at, Memory.load64(at) & ~((1L << run) - 1 << frame));
  }

  /**
   * Goes on to the next dirty frame that is free. A bounded search: {@link #NONE} means "ask again"
   * while {@link #hasAny}.
   */
  long next() {
    run = 0;
    for (int looked = 0; looked < MOST_WORDS; looked++) {
      if (bank == table.banks()) {
        any = false;
        return NONE;
      }
      long at = from[bank];
      if (at >= until[bank]) {
        closeBank(bank);
        bank++;
      } else {
        long rest = Memory.load64(word(bank, at)) & ALL << at;
        long end = rest == 0 ? WORD_FRAMES : Long.numberOfTrailingZeros(rest);
        at = Bits.alignDown(at, WORD_FRAMES) + end;
        from[bank] = rest == 0 ? at : lookAt(at, rest);
        if (run != 0) {
          return at;
        }
      }
    }
    return NONE;
  }

  /**
   * A dirty frame: begins a {@link #run} if it is free.
   *
   * @param rest the bits of its word from the frame's own on
   * @return where to look on, which is behind the block of a frame in use
   */
  private long lookAt(long frame, long rest) {
    long head = table.head(frame);
    if (head < 0) {
      return frame + 1;
    }
    FrameEntry entry = table.get(head);
    long end = head + (1L << entry.order());
    if (entry.state() != FrameEntry.STATE_FREE) {
      return end;
    }
    int together = Long.numberOfTrailingZeros(~(rest >>> frame));
    run = (int) Math.min(Math.min(together, MOST_FRAMES), end - frame);
    return frame;
  }

  private static long mask(long frame, int order) {
    return (order == WORD_ORDER ? ALL : (1L << (1 << order)) - 1) << frame;
  }

  /** The word that has a frame's bit. */
  long word(int of, long frame) {
    return bits[of] + frame / WORD_FRAMES * Long.BYTES;
  }
}
