package ristretto.core.mm;

import ristretto.lang.Bits;
import ristretto.lang.BootOnly;

/**
 * Tells {@link Frames} what RAM there is. Order: banks and reserved ranges in any order, then
 * {@link #start}. Later boot code gives reserved ranges away with {@link #release} and {@link
 * #adopt}.
 */
public final class FrameSetup {
  /** Frames beyond 40 bits of address cannot be mapped one to one for Dom0. */
  private static final long FRAME_LIMIT = 1L << (40 - Frames.SHIFT);

  private static final long FOUR_GIB_FRAME = 1L << (32 - Frames.SHIFT);
  private static final int MAX_RESERVED = 128;

  private final long[] bankFirst = new long[FrameTable.MAX_BANKS];
  private final long[] bankEnd = new long[FrameTable.MAX_BANKS];
  private int banks;

  /** Sorted by first frame; they may overlap. */
  private final long[] reservedFirst = new long[MAX_RESERVED + FrameTable.MAX_BANKS];

  private final long[] reservedEnd = new long[MAX_RESERVED + FrameTable.MAX_BANKS];
  private int reserved;

  @BootOnly
  public FrameSetup() {
    Frames.reset();
    reserve(0, Frames.SIZE); // not mapped at EL2, and address 0 means "none"
  }

  /**
   * Adds RAM; parts of frames at its ends and what is above 1 TiB are left out. Banks do not
   * overlap.
   *
   * @return false if there are too many banks; the bank is then not used
   */
  @BootOnly
  public boolean addBank(long base, long size) {
    long first = Bits.alignUp(base, Frames.SIZE) >>> Frames.SHIFT;
    long end = Math.min((base + size) >>> Frames.SHIFT, FRAME_LIMIT);
    if (first < FOUR_GIB_FRAME && end > FOUR_GIB_FRAME) {
      return add(first, FOUR_GIB_FRAME) && add(FOUR_GIB_FRAME, end);
    }
    return add(first, end);
  }

  @BootOnly
  private boolean add(long first, long end) {
    if (first >= end) {
      return true;
    }
    if (banks == FrameTable.MAX_BANKS) {
      return false;
    }
    bankFirst[banks] = first;
    bankEnd[banks] = end;
    banks++;
    return true;
  }

  /**
   * Keeps a range from being handed out: all frames that it touches.
   *
   * @return false if there are too many ranges: the machine must not go on
   */
  @BootOnly
  public boolean reserve(long base, long size) {
    if (size == 0) {
      return true;
    }
    if (reserved == MAX_RESERVED) {
      return false;
    }
    insert(base >>> Frames.SHIFT, Bits.alignUp(base + size, Frames.SIZE) >>> Frames.SHIFT);
    return true;
  }

  @BootOnly
  private void insert(long first, long end) {
    int at = reserved;
    while (at > 0 && reservedFirst[at - 1] > first) {
      reservedFirst[at] = reservedFirst[at - 1];
      reservedEnd[at] = reservedEnd[at - 1];
      at--;
    }
    reservedFirst[at] = first;
    reservedEnd[at] = end;
    reserved++;
  }

  /**
   * Places the frame table in the RAM that it describes and frees the rest.
   *
   * @return false if some bank's part of the table fits nowhere
   */
  @BootOnly
  public boolean start() {
    for (int bank = 0; bank < banks; bank++) {
      long count = bankEnd[bank] - bankFirst[bank];
      long entries = Bits.alignUp(count * FrameEntry.SIZEOF, Long.BYTES);
      long size = entries + DirtyFrames.size(bankFirst[bank], count);
      long frames = Bits.alignUp(size, Frames.SIZE) >>> Frames.SHIFT;
      long first = place(frames);
      if (first < 0) {
        return false;
      }
      insert(first, first + frames);
      Scrubber.zero(first << Frames.SHIFT, frames << Frames.SHIFT);
      Frames.TABLE.add(bankFirst[bank], count, first << Frames.SHIFT);
      Frames.FREE.dirty.add(bank, bankFirst[bank], (first << Frames.SHIFT) + entries);
    }
    for (int bank = 0; bank < banks; bank++) {
      releaseFree(bankFirst[bank], bankEnd[bank]);
    }
    return true;
  }

  /** The highest place for some frames that is not reserved, or -1. */
  @BootOnly
  private long place(long frames) {
    for (int bank = banks - 1; bank >= 0; bank--) {
      long first = bankEnd[bank] - frames;
      for (int i = reserved - 1; i >= 0 && first >= bankFirst[bank]; i--) {
        if (overlaps(i, first, first + frames)) {
          first = reservedFirst[i] - frames;
          i = reserved; // a range that begins earlier may reach farther: look at all again
        }
      }
      if (first >= bankFirst[bank]) {
        return first;
      }
    }
    return -1;
  }

  private boolean overlaps(int range, long first, long end) {
    return first < reservedEnd[range] && reservedFirst[range] < end;
  }

  @BootOnly
  private void releaseFree(long first, long end) {
    long frame = first;
    for (int i = 0; i < reserved && frame < end; i++) {
      long free = Math.min(reservedFirst[i], end);
      if (free > frame) {
        Frames.release(frame, free - frame);
      }
      frame = Math.max(frame, reservedEnd[i]);
    }
    if (frame < end) {
      Frames.release(frame, end - frame);
    }
  }

  /** A reserved range that nobody needs any more becomes free; whole frames of it. */
  @BootOnly
  public static void release(long base, long size) {
    long first = Bits.alignUp(base, Frames.SIZE) >>> Frames.SHIFT;
    long end = (base + size) >>> Frames.SHIFT;
    if (first < end) {
      Frames.release(first, end - first);
    }
  }

  /** A reserved range becomes guest memory of an account, contents and all: a module in place. */
  @BootOnly
  public static void adopt(long base, long size, MemoryAccount account) {
    Frames.adopt(base >>> Frames.SHIFT, size >>> Frames.SHIFT, account, FrameType.RAM);
  }

  /**
   * Guest memory for Dom0, neither zeroed nor cleaned: it was nobody else's. Memory below 4 GiB
   * first, because Dom0's devices may reach no farther.
   *
   * @return the first frame, or -1
   */
  @BootOnly
  public static long allocateForDom0(int order, MemoryAccount account) {
    long frame = Frames.allocateLow(order, account, FrameType.RAM);
    return frame >= 0 ? frame : Frames.allocateUncleared(order, account, FrameType.RAM);
  }
}
