package ristretto.core.mm;

import ristretto.arch.Stage2Descriptor;
import ristretto.lang.BootOnly;

/**
 * Takes a domain's tables down in bounded steps. A part of the tables is cut off at the root, and
 * forgotten by every TLB, before its entries are looked at and its pages are freed.
 */
final class Stage2Removal {
  private static final int TOP_ORDER = 2 * Stage2Tables.INDEX_BITS;

  private final Stage2Tables tables;

  /** Next entry of the root. */
  private int next;

  /** The table of level 2 that was cut off, or 0. */
  private long detached;

  /** Next entry of {@link #detached}. */
  private int inDetached;

  /** A block of level 1 that was cut off, or INVALID; who is told of it may have much to do. */
  private Stage2Descriptor block = Stage2Descriptor.INVALID;

  /** Next part of {@link #block}. */
  private int inBlock;

  @BootOnly
  Stage2Removal(Stage2Tables tables) {
    this.tables = tables;
  }

  /** Removes about {@code budget} mappings; true when all are gone. */
  boolean step(P2m.Removal told, int budget) {
    int left = budget;
    while (left > 0) {
      if (detached != 0) {
        left -= removeOne(told);
      } else if (block.isValid()) {
        left -= removePart(told);
      } else if (next == tables.rootEntries()) {
        next = 0;
        return true;
      } else {
        left -= detach();
      }
    }
    return false;
  }

  /** Cuts off the next entry of the root; returns what that cost. */
  private int detach() {
    long gfn = (long) next << TOP_ORDER;
    long at = Stage2Tables.slot(tables.root(), gfn, TOP_ORDER);
    Stage2Descriptor entry = Stage2Tables.load(at);
    next++;
    if (!entry.isValid()) {
      return 0;
    }
    Stage2Tables.store(at, Stage2Descriptor.INVALID);
    Stage2Tlb.forgetAll(tables.vttbr());
    if (entry.isTable()) {
      detached = entry.address();
      inDetached = 0;
    } else {
      block = entry;
      inBlock = 0;
    }
    return 1;
  }

  /** Tells of the next part of a block, each of which may be so many frames. */
  private int removePart(P2m.Removal told) {
    long gfn = (((long) next - 1) << TOP_ORDER) + ((long) inBlock << Stage2Tables.INDEX_BITS);
    long offset = (long) inBlock << Stage2Tables.INDEX_BITS << Frames.SHIFT;
    tell(told, gfn, Stage2Tables.INDEX_BITS, block.at(block.address() + offset));
    inBlock++;
    if (inBlock == Stage2Tables.ENTRIES) {
      block = Stage2Descriptor.INVALID;
    }
    return 1;
  }

  /** Removes the next entry of the table that was cut off, with all below it. */
  private int removeOne(P2m.Removal told) {
    if (inDetached == Stage2Tables.ENTRIES) {
      Frames.free(detached >>> Frames.SHIFT, 0);
      detached = 0;
      return 1;
    }
    long gfn = (((long) next - 1) << TOP_ORDER) + ((long) inDetached << Stage2Tables.INDEX_BITS);
    Stage2Descriptor entry =
        Stage2Tables.load(Stage2Tables.slot(detached, gfn, Stage2Tables.INDEX_BITS));
    inDetached++;
    if (entry.isTable()) {
      return removePages(told, gfn, entry.address());
    }
    if (entry.isValid()) {
      tell(told, gfn, Stage2Tables.INDEX_BITS, entry);
    }
    return 1;
  }

  private static int removePages(P2m.Removal told, long first, long table) {
    for (int i = 0; i < Stage2Tables.ENTRIES; i++) {
      Stage2Descriptor entry = Stage2Tables.load(Stage2Tables.slot(table, first + i, 0));
      if (entry.isValid()) {
        tell(told, first + i, 0, entry);
      }
    }
    Frames.free(table >>> Frames.SHIFT, 0);
    return Stage2Tables.ENTRIES;
  }

  private static void tell(P2m.Removal told, long gfn, int order, Stage2Descriptor entry) {
    told.removed(gfn, entry.address() >>> Frames.SHIFT, order, entry.type());
  }
}
