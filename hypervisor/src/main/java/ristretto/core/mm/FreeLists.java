package ristretto.core.mm;

import ristretto.machine.Barrier;
import ristretto.machine.Cache;
import ristretto.machine.Memory;

/**
 * Free blocks by zone and order: a binary buddy system. A block's neighbours in its list stand in
 * its own first bytes, which no guest can reach while it is free and which are cleared when it
 * leaves the list. A link that does not lead back is a broken invariant: somebody, a device
 * perhaps, wrote to free memory. What else is in free frames is said by {@link DirtyFrames}.
 */
final class FreeLists {
  /** The largest block: 1 GiB. */
  static final int MAX_ORDER = 18;

  /** Memory below 4 GiB, for devices with 32 address bits. */
  static final int LOW = 0;

  static final int HIGH = 1;

  private static final int ZONES = 2;
  private static final int ORDERS = MAX_ORDER + 1;

  /** Ends a list. */
  private static final long NO_FRAME = -1;

  // A free block's first bytes.
  private static final int NEXT = 0; // frame of the next block in the list
  private static final int PREVIOUS = 8; // frame of the previous block in the list

  private static final long FIRST_HIGH_FRAME = 1L << (32 - Frames.SHIFT);

  private final FrameTable table;
  final DirtyFrames dirty;
  private final long[] heads = new long[ZONES * ORDERS];

  /** By zone: bit n is set when the list of order n is not empty. */
  private final int[] filled = new int[ZONES];

  private long freeFrames;

  FreeLists(FrameTable table) {
    this.table = table;
    this.dirty = new DirtyFrames(table);
    clear();
  }

  void clear() {
    for (int i = 0; i < heads.length; i++) {
      heads[i] = NO_FRAME;
    }
    for (int i = 0; i < ZONES; i++) {
      filled[i] = 0;
    }
    freeFrames = 0;
    dirty.clear();
  }

  long freeFrames() {
    return freeFrames;
  }

  /** Takes a block from the zone; returns its first frame, or -1. */
  long take(int zone, int order) {
    int candidates = filled[zone] >>> order << order;
    if (candidates == 0) {
      return -1;
    }
    int found = Integer.numberOfTrailingZeros(candidates);
    long frame = heads[zone * ORDERS + found];
    unlink(frame, found);
    split(frame, found, frame, order);
    return frame;
  }

  /** Takes the block of this order that begins at {@code frame}, if all of it is free. */
  boolean takeAt(long frame, int order) {
    long head = table.head(frame);
    if (head < 0) {
      return false;
    }
    FrameEntry entry = table.get(head);
    if (entry.state() != FrameEntry.STATE_FREE || entry.order() < order) {
      return false;
    }
    unlink(head, entry.order());
    split(head, entry.order(), frame, order);
    return true;
  }

  /** Gives a block back, dirty, and joins it with its free neighbours. */
  void give(long first, int blockOrder) {
    long frame = first;
    int order = blockOrder;
    int bank = table.bank(first);
    freeFrames += 1L << order;
    dirty.mark(bank, first, blockOrder);
    while (order < MAX_ORDER) {
      long buddy = frame ^ 1L << order;
      FrameEntry entry = table.get(buddy);
      if (entry.state() != FrameEntry.STATE_FREE
          || entry.order() != order
          || table.bank(buddy) != bank) {
        break;
      }
      remove(buddy, order);
      table.set(buddy, FrameEntry.TAIL);
      table.set(frame, FrameEntry.TAIL);
      frame = Math.min(frame, buddy);
      order++;
    }
    if (order != blockOrder) {
      Barrier.dsbSy(); // the links of those that it was joined with have gone, for all to see
    }
    insert(frame, order);
  }

  /**
   * Scrubs the next dirty frames, some of one block.
   *
   * @return false: there is none
   */
  boolean scrubNext() {
    long frame = dirty.next();
    if (frame == DirtyFrames.NONE) {
      return dirty.hasAny();
    }
    long address = linkAddress(frame, 0);
    long next = Memory.load64(address + NEXT);
    long previous = Memory.load64(address + PREVIOUS);
    Scrubber.scrub(address, (long) dirty.run() << Frames.SHIFT);
    if (isFree(frame)) { // it is the first of its block: the links are still needed
      Memory.store64(address + NEXT, next);
      Memory.store64(address + PREVIOUS, previous);
    }
    dirty.scrubbed(frame);
    return true;
  }

  /** Keeps the part of a block at {@code wanted} and frees the halves beside it. */
  private void split(long head, int headOrder, long wanted, int wantedOrder) {
    long frame = head;
    for (int order = headOrder - 1; order >= wantedOrder; order--) {
      long upper = frame + (1L << order);
      if (wanted >= upper) {
        insert(frame, order);
        frame = upper;
      } else {
        insert(upper, order);
      }
    }
    freeFrames -= 1L << wantedOrder;
  }

  private void insert(long frame, int order) {
    int list = list(frame, order);
    long next = heads[list];
    table.set(frame, FrameEntry.free(order));
    Memory.store64(linkAddress(frame, NEXT), next);
    Memory.store64(linkAddress(frame, PREVIOUS), NO_FRAME);
    if (next != NO_FRAME) {
      setLink(next, PREVIOUS, frame);
    }
    heads[list] = frame;
    filled[zone(frame)] |= 1 << order;
  }

  private void unlink(long frame, int order) {
    remove(frame, order);
    table.set(frame, FrameEntry.TAIL);
  }

  private void remove(long frame, int order) {
    int list = list(frame, order);
    check(isFree(frame));
    long next = Memory.load64(linkAddress(frame, NEXT));
    long previous = Memory.load64(linkAddress(frame, PREVIOUS));
    check((previous == NO_FRAME ? heads[list] : link(previous, NEXT)) == frame);
    clearLinks(frame);
    if (next != NO_FRAME) {
      check(link(next, PREVIOUS) == frame);
      setLink(next, PREVIOUS, previous);
    }
    if (previous != NO_FRAME) {
      setLink(previous, NEXT, next);
      return;
    }
    heads[list] = next;
    if (next == NO_FRAME) {
      filled[zone(frame)] &= ~(1 << order);
    }
  }

  /** No guest finds them, not even with its caches off: the barrier is the caller's. */
  private static void clearLinks(long frame) {
    long address = linkAddress(frame, 0);
    Memory.store64(address + NEXT, 0);
    Memory.store64(address + PREVIOUS, 0);
    Cache.clean(address);
  }

  /** The neighbour that a free block names, which is a free block too. */
  private long link(long frame, int side) {
    check(isFree(frame));
    return Memory.load64(linkAddress(frame, side));
  }

  private void setLink(long frame, int side, long neighbour) {
    check(isFree(frame));
    Memory.store64(linkAddress(frame, side), neighbour);
  }

  private boolean isFree(long frame) {
    return table.get(frame).state() == FrameEntry.STATE_FREE;
  }

  /** Hypervisor address: EL2's map of RAM is one to one. */
  private static long linkAddress(long frame, int side) {
    return (frame << Frames.SHIFT) + side;
  }

  private static void check(boolean invariant) {
    if (!invariant) {
      throw new AssertionError();
    }
  }

  private static int zone(long frame) {
    return frame < FIRST_HIGH_FRAME ? LOW : HIGH;
  }

  private static int list(long frame, int order) {
    return zone(frame) * ORDERS + order;
  }
}
