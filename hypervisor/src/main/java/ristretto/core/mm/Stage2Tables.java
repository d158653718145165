package ristretto.core.mm;

import ristretto.abi.Errno;
import ristretto.arch.Stage2Descriptor;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.Barrier;
import ristretto.machine.Memory;

/**
 * The translation tables of one domain, and the only code that writes their entries. The lock is
 * the owner's. Tables are freed as soon as they are empty; the number of valid entries of a table
 * is kept in the entry that points at it.
 *
 * <p>Orders name levels: 18 is an entry of level 1, 9 of level 2, 0 of level 3.
 */
final class Stage2Tables {
  /** A table has 2^9 entries. */
  static final int INDEX_BITS = 9;

  static final int ENTRIES = 1 << INDEX_BITS;

  private static final int TOP_ORDER = 2 * INDEX_BITS;

  /** Pages to forget and tables to free at one time; more make another round. */
  static final int BATCH = 32;

  private final MemoryAccount account;
  private long root;
  private int rootOrder;
  private long gfnLimit;
  private long vttbr;

  /** Guest frames whose entries are invalid but which TLBs may still know. */
  private final long[] stale = new long[BATCH];

  private int staleCount;

  /** Tables that nothing points at any more, but which walks may still be reading. */
  private final long[] unused = new long[BATCH];

  private int unusedCount;

  @BootOnly
  Stage2Tables(MemoryAccount account) {
    this.account = account;
  }

  /** Takes the first table, for 2^gfnBits guest frames. */
  boolean open(int gfnBits) {
    int entryBits = gfnBits - TOP_ORDER;
    rootOrder = Math.max(0, entryBits - INDEX_BITS);
    long frame = Frames.allocate(rootOrder, account, FrameType.TABLE);
    if (frame < 0) {
      return false;
    }
    root = frame << Frames.SHIFT;
    gfnLimit = 1L << gfnBits;
    return true;
  }

  void useVttbr(long value) {
    vttbr = value;
  }

  void close() {
    Frames.free(root >>> Frames.SHIFT, rootOrder);
    root = 0;
    gfnLimit = 0;
  }

  long root() {
    return root;
  }

  long gfnLimit() {
    return gfnLimit;
  }

  long vttbr() {
    return vttbr;
  }

  /** The entry that translates a guest frame, with the address of that very page, or INVALID. */
  @Inline
  Stage2Descriptor walk(long gfn) {
    if (Long.compareUnsigned(gfn, gfnLimit) >= 0) {
      return Stage2Descriptor.INVALID;
    }
    int order = TOP_ORDER;
    Stage2Descriptor entry = load(slot(root, gfn, order));
    while (order > 0 && entry.isTable()) {
      order -= INDEX_BITS;
      entry = load(slot(entry.address(), gfn, order));
    }
    if (!entry.isValid()) {
      return Stage2Descriptor.INVALID;
    }
    long inBlock = gfn & (1L << order) - 1;
    return entry.at(entry.address() + (inBlock << Frames.SHIFT));
  }

  /** The first guest frame behind the block, page or gap that holds {@code gfn}. */
  long leafEnd(long gfn) {
    int order = TOP_ORDER;
    Stage2Descriptor entry = load(slot(root, gfn, order));
    while (order > 0 && entry.isTable()) {
      order -= INDEX_BITS;
      entry = load(slot(entry.address(), gfn, order));
    }
    return gfn + toNext(gfn, order);
  }

  /**
   * Maps one block or page.
   *
   * @param wantedOrder 18, 9 or 0; where a table is in the way, a smaller one is taken
   * @param leaf rights and address, as a block
   * @return frames that are mapped now; or EEXIST, ENOMEM
   */
  long place(long gfn, int wantedOrder, Stage2Descriptor leaf) {
    long parent = 0;
    long at = slot(root, gfn, TOP_ORDER);
    int order = TOP_ORDER;
    while (true) {
      Stage2Descriptor entry = load(at);
      if (entry.isValid() && (order == 0 || !entry.isTable())) {
        return Errno.EEXIST;
      }
      if (order <= wantedOrder && !entry.isValid()) {
        store(at, order == 0 ? leaf.asPage() : leaf);
        countEntry(parent, 1);
        return 1L << order;
      }
      if (!entry.isValid()) {
        long table = Frames.allocate(0, account, FrameType.TABLE);
        if (table < 0) {
          freeEmptyTables(gfn);
          return Errno.ENOMEM;
        }
        Barrier.dmbIshst(); // a walk that finds the table finds it empty
        entry = Stage2Descriptor.table(table << Frames.SHIFT, 0);
        store(at, entry);
        countEntry(parent, 1);
      }
      parent = at;
      order -= INDEX_BITS;
      at = slot(entry.address(), gfn, order);
    }
  }

  /**
   * {@link #place} of a page in a table that is there, where nothing is mapped: what a toolstack
   * does thousands of times.
   *
   * @return false when it is not so simple; nothing is changed then
   */
  boolean placePage(long gfn, Stage2Descriptor leaf) {
    long middle = tableOfPages(gfn);
    if (middle == 0) {
      return false;
    }
    Stage2Descriptor table = load(middle);
    long bottom = slot(table.address(), gfn, 0);
    if (load(bottom).isValid()) {
      return false;
    }
    store(bottom, leaf.asPage());
    store(middle, table.withUsed(table.used() + 1));
    return true;
  }

  /** Address of the entry that points at the table with the page's own entry; 0: there is none. */
  @Inline
  long tableOfPages(long gfn) {
    Stage2Descriptor top = load(slot(root, gfn, TOP_ORDER));
    if (!top.isTable()) {
      return 0;
    }
    long middle = slot(top.address(), gfn, INDEX_BITS);
    return load(middle).isTable() ? middle : 0;
  }

  /** Makes new entries visible to the walks of other CPUs. */
  void publish() {
    Barrier.dsbIshst();
  }

  /**
   * Cuts blocks until none reaches across the beginning of {@code gfn}.
   *
   * @return false when there is no memory for a table; blocks cut so far translate as before
   */
  boolean cutAt(long gfn) {
    if (gfn >= gfnLimit) {
      return true;
    }
    long at = slot(root, gfn, TOP_ORDER);
    int order = TOP_ORDER;
    while ((gfn & (1L << order) - 1) != 0) {
      Stage2Descriptor entry = load(at);
      if (!entry.isValid()) {
        return true;
      }
      if (!entry.isTable()) {
        entry = cut(at, gfn, order, entry);
        if (!entry.isValid()) {
          return false;
        }
      }
      order -= INDEX_BITS;
      at = slot(entry.address(), gfn, order);
    }
    return true;
  }

  /** Replaces a block by a table of smaller ones; INVALID when there is no memory for it. */
  private Stage2Descriptor cut(long at, long gfn, int order, Stage2Descriptor block) {
    long frame = Frames.allocateUncleared(0, account, FrameType.TABLE);
    if (frame < 0) {
      return Stage2Descriptor.INVALID;
    }
    long table = frame << Frames.SHIFT;
    int partOrder = order - INDEX_BITS;
    Stage2Descriptor part = partOrder == 0 ? block.asPage() : block;
    for (int i = 0; i < ENTRIES; i++) {
      long offset = (long) i << (partOrder + Frames.SHIFT);
      store(table + (long) i * Long.BYTES, part.at(block.address() + offset));
    }
    store(at, Stage2Descriptor.INVALID);
    addStale(gfn);
    flush();
    Stage2Descriptor entry = Stage2Descriptor.table(table, ENTRIES);
    store(at, entry);
    publish();
    return entry;
  }

  /** Removes what is mapped in a range that no block reaches across. */
  void clear(long first, long count) {
    long gfn = first;
    long end = first + count;
    while (gfn < end) {
      gfn += clearAt(gfn);
    }
    flush();
  }

  /** The entry of a page; {@code middle} is its {@link #tableOfPages}. */
  @Inline
  Stage2Descriptor page(long middle, long gfn) {
    return load(slot(load(middle).address(), gfn, 0));
  }

  /** {@link #clear} of one page that is mapped; {@code middle} is its {@link #tableOfPages}. */
  void clearPage(long middle, long gfn) {
    Stage2Descriptor table = load(middle);
    if (table.used() > 1) {
      store(slot(table.address(), gfn, 0), Stage2Descriptor.INVALID);
      store(middle, table.withUsed(table.used() - 1));
      addStale(gfn);
    } else {
      clearAt(gfn);
    }
    flush();
  }

  /**
   * Clears the entry that translates {@code gfn}; {@link #flush} completes it. Returns the frames
   * up to the next entry.
   */
  long clearAt(long gfn) {
    long top = slot(root, gfn, TOP_ORDER);
    Stage2Descriptor entry = load(top);
    if (!entry.isTable()) {
      drop(top, entry, gfn);
      return toNext(gfn, TOP_ORDER);
    }
    long middle = slot(entry.address(), gfn, INDEX_BITS);
    Stage2Descriptor second = load(middle);
    if (!second.isTable()) {
      if (drop(middle, second, gfn)) {
        countOff(top, gfn);
      }
      return toNext(gfn, INDEX_BITS);
    }
    long bottom = slot(second.address(), gfn, 0);
    if (drop(bottom, load(bottom), gfn) && countOff(middle, gfn)) {
      countOff(top, gfn);
    }
    return 1;
  }

  /** Invalidates a leaf; false when there was none. */
  private boolean drop(long at, Stage2Descriptor entry, long gfn) {
    if (!entry.isValid()) {
      return false;
    }
    store(at, Stage2Descriptor.INVALID);
    addStale(gfn);
    return true;
  }

  /**
   * One valid entry less in the table at which {@code at} points; true when it is gone with that.
   */
  private boolean countOff(long at, long gfn) {
    Stage2Descriptor entry = load(at);
    if (entry.used() > 1) {
      store(at, entry.withUsed(entry.used() - 1));
      return false;
    }
    store(at, Stage2Descriptor.INVALID);
    addStale(gfn);
    addUnused(entry.address());
    return true;
  }

  /** Tables on the way to {@code gfn} that were made for an entry which then could not be. */
  private void freeEmptyTables(long gfn) {
    long top = slot(root, gfn, TOP_ORDER);
    Stage2Descriptor entry = load(top);
    if (entry.isTable() && entry.used() == 0) {
      countOff(top, gfn);
    }
    flush();
  }

  /** Adds valid entries to the count of the table at which {@code parent} points; 0 is the root. */
  private void countEntry(long parent, int more) {
    if (parent != 0) {
      Stage2Descriptor entry = load(parent);
      store(parent, entry.withUsed(entry.used() + more));
    }
  }

  private void addStale(long gfn) {
    if (staleCount > 0 && stale[staleCount - 1] == gfn) {
      return; // an entry and the table that it emptied
    }
    if (staleCount == BATCH) {
      flush();
    }
    stale[staleCount] = gfn;
    staleCount++;
  }

  private void addUnused(long table) {
    if (unusedCount == BATCH) {
      flush();
    }
    unused[unusedCount] = table;
    unusedCount++;
  }

  /** Every TLB forgets what was invalidated; then tables that nothing points at are free. */
  void flush() {
    if (staleCount > 0) {
      Stage2Tlb.forget(vttbr, stale, staleCount);
      staleCount = 0;
    }
    for (int i = 0; i < unusedCount; i++) {
      Frames.free(unused[i] >>> Frames.SHIFT, 0);
    }
    unusedCount = 0;
  }

  private static long toNext(long gfn, int order) {
    return (1L << order) - (gfn & (1L << order) - 1);
  }

  /** Address of the entry of {@code gfn} in a table of the level that {@code order} names. */
  static long slot(long table, long gfn, int order) {
    long index = gfn >>> order;
    return table + (order == TOP_ORDER ? index : index & ENTRIES - 1) * Long.BYTES;
  }

  /** Entries of the first table. */
  int rootEntries() {
    return (int) (gfnLimit >>> TOP_ORDER);
  }

  static Stage2Descriptor load(long at) {
    return new Stage2Descriptor(Memory.load64(at));
  }

  static void store(long at, Stage2Descriptor entry) {
    Memory.store64(at, entry.bits());
  }
}
