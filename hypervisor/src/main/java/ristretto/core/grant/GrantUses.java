package ristretto.core.grant;

import ristretto.abi.Gnttabop.Entry;
import ristretto.abi.Gnttabop.EntryWord;
import ristretto.abi.Gnttabop.Status;
import ristretto.core.domain.Domain;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * How often each grant of a domain is in use, and which frame it was when the use began. The first
 * use reads the domain's entry once, marks it as used, and takes a reference of the frame; the last
 * one ends that. All methods are called with the grant lock held.
 */
final class GrantUses {
  private static final int PER_FRAME = Frames.SIZE / ActiveGrant.SIZEOF;

  /** Frames of uses for each frame of shared entries. */
  private static final int RATIO = ActiveGrant.SIZEOF / Entry.SIZEOF;

  /** Exchanges tried with a domain that keeps changing its entry (SECURITY rule 8, XSA-295). */
  private static final int ATTEMPTS = 16;

  private final Domain domain;
  private final long[] frames = new long[GrantTable.CAPACITY * RATIO];
  private int count;

  /** Grants with at least one use. */
  private int used;

  @BootOnly
  GrantUses(Domain domain) {
    this.domain = domain;
  }

  /** Makes room for the entries of so many frames of the table. False if there is no memory. */
  boolean grow(int tableFrames) {
    while (count < tableFrames * RATIO) {
      long frame = Frames.allocate(0, domain.memory, FrameType.PRIVATE);
      if (frame < 0) {
        return false;
      }
      frames[count] = frame;
      count++;
    }
    return true;
  }

  /** Frees all frames; no grant is in use. */
  void free() {
    while (count > 0) {
      count--;
      Frames.free(frames[count], 0);
    }
  }

  boolean areNone() {
    return used == 0;
  }

  ActiveGrant at(int reference) {
    long frame = frames[reference / PER_FRAME] << Frames.SHIFT;
    return new ActiveGrant(frame + (long) ActiveGrant.SIZEOF * (reference % PER_FRAME));
  }

  /** One of the first {@code end} grants is of this frame and in use by this domain. */
  boolean contain(long frame, int grantee, int end) {
    int left = used;
    for (int i = 0; i < end && left != 0; i++) {
      ActiveGrant active = at(i);
      if (active.isUsed()) {
        left--;
        if (active.frame() == frame && active.grantee() == grantee) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * One more use.
   *
   * @param entry address of the shared entry
   * @return the frame, or a status
   */
  long begin(long entry, int reference, int grantee, boolean write) {
    ActiveGrant active = at(reference);
    if (active.isUsed() && active.grantee() != grantee) {
      return Status.GENERAL_ERROR;
    }
    long gfn = mark(entry, grantee, write);
    if (gfn < 0) {
      return gfn;
    }
    if (!active.isUsed()) {
      long page = domain.p2m.pin(gfn);
      if (page == 0) {
        unmark(entry, true);
        return Status.BAD_PAGE;
      }
      active.open(page >>> Frames.SHIFT, grantee);
      used++;
    }
    active.count(write, 1);
    return active.frame(); // not what the entry says now (XSA-500)
  }

  /** One use less. */
  void end(long entry, int reference, boolean write) {
    ActiveGrant active = at(reference);
    active.count(write, -1);
    if (!active.isUsed()) {
      unmark(entry, true);
      used--;
      domain.p2m.unpin(active.frame() << Frames.SHIFT); // after the count that kept it (XSA-236)
    } else if (write && !active.isWritten()) {
      unmark(entry, false);
    }
  }

  /** Marks an entry that grants the use as used. Returns its guest frame, or a status. */
  private static long mark(long entry, int grantee, boolean write) {
    long seen = Memory.load64(entry);
    for (int i = 0; i < ATTEMPTS; i++) {
      EntryWord word = new EntryWord(seen);
      if (!word.grants(grantee) || (write && word.isReadOnly())) {
        return Status.GENERAL_ERROR;
      }
      long marked = word.used(write).bits();
      if (marked == seen) {
        return word.gfn();
      }
      long was = Memory.compareAndExchange64(entry, seen, marked);
      if (was == seen) {
        return word.gfn();
      }
      seen = was;
    }
    return Status.GENERAL_ERROR;
  }

  /**
   * Takes marks back: all, or that of writing. Whatever the domain has made of its entry meanwhile,
   * these flags alone change, unless it hammers the entry: then the flags become what they were.
   */
  private static void unmark(long entry, boolean all) {
    int seen = Memory.load16(entry);
    for (int i = 0; i < ATTEMPTS; i++) {
      int was = Memory.compareAndExchange16(entry, seen, unmarked(seen, all));
      if (was == seen) {
        return;
      }
      seen = was;
    }
    Memory.store16(entry, unmarked(seen, all));
  }

  private static int unmarked(int flags, boolean all) {
    return (int) Bits.get(new EntryWord(flags).unused(all).bits(), 15, 0);
  }
}
