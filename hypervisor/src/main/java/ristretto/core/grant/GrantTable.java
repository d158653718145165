package ristretto.core.grant;

import ristretto.abi.Errno;
import ristretto.abi.Gnttabop;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.core.mm.PhysmapPages;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * A domain's grant table, version 1: frames of entries that the domain writes and the hypervisor
 * reads. The frames are the hypervisor's, charged to the domain; it maps them where it likes. They
 * are added on demand up to a limit and stay until the domain dies, so that an entry once valid
 * stays readable (versions that change under a table are the root of a dozen advisories: SECURITY
 * rule 16).
 */
public final class GrantTable {
  /** {@code gnttab_max_frames}, unless the command line or the toolstack says otherwise. */
  public static final int DEFAULT_LIMIT = 64;

  /** {@code gnttab_max_maptrack_frames}, likewise. */
  public static final int DEFAULT_MAPTRACK_LIMIT = 1024;

  /** Frames that a table can have at most. */
  public static final int CAPACITY = 64;

  public static final int ENTRIES_PER_FRAME = Frames.SIZE / Gnttabop.Entry.SIZEOF;

  /** Where a frame is mapped: nowhere. What GNTTABOP_setup_table tells then (XSA-101). */
  private static final long UNMAPPED = -1;

  private final Domain domain;
  private final SpinLock lock;

  // Guarded by the lock.
  private final long[] frames = new long[CAPACITY];
  private final long[] mappedAt = new long[CAPACITY];
  private int count;
  private int limit = DEFAULT_LIMIT;

  /** The domain dies: nothing is added any more. */
  private boolean closed;

  final GrantUses uses;

  /** What the domain has mapped of others' grants. */
  public final Maptrack maptrack;

  @BootOnly
  public GrantTable(Domain domain) {
    this.domain = domain;
    this.lock = new SpinLock(LockRank.GRANT_TABLE, domain);
    this.uses = new GrantUses(domain);
    this.maptrack = new Maptrack(domain);
    for (int i = 0; i < CAPACITY; i++) {
      mappedAt[i] = UNMAPPED;
    }
  }

  /** A new domain gets its first frame. False if there is no memory. */
  public boolean start() {
    maptrack.start();
    lock.lock();
    closed = false;
    boolean grown = grow(1);
    lock.unlock();
    return grown;
  }

  /** Sets the highest number of frames; before the domain runs. */
  public void setLimit(int frameLimit) {
    limit = Math.min(frameLimit, CAPACITY);
  }

  public int limit() {
    return limit;
  }

  /** Sets how many frames the domain's own mappings of grants may take; before it runs. */
  public void setMaptrackLimit(int frameLimit) {
    maptrack.setLimit(frameLimit);
  }

  public int maptrackLimit() {
    return maptrack.limit();
  }

  public int count() {
    lock.lock();
    int result = count;
    lock.unlock();
    return result;
  }

  /** GNTTABOP_setup_table: the table has at least {@code wanted} frames afterwards. */
  public int setUp(int wanted) {
    if (Integer.compareUnsigned(wanted, limit) > 0) {
      return Gnttabop.Status.GENERAL_ERROR;
    }
    lock.lock();
    boolean grown = grow(wanted);
    lock.unlock();
    return grown ? Gnttabop.Status.OKAY : Gnttabop.Status.GENERAL_ERROR;
  }

  /** Guest frame number at which the domain has mapped frame {@code index}, or all ones. */
  public long mappedAt(int index) {
    lock.lock();
    long gfn = index < count ? mappedAt[index] : UNMAPPED;
    lock.unlock();
    return gfn;
  }

  /**
   * XENMAPSPACE_grant_table: shows frame {@code index} at {@code gfn}, and nowhere else any more.
   */
  public long map(long index, long gfn) {
    if (Long.compareUnsigned(index, limit) >= 0) {
      return Errno.EINVAL; // before the lock: no way out with it held (XSA-235)
    }
    lock.lock();
    long result = mapLocked((int) index, gfn);
    lock.unlock();
    return result;
  }

  private long mapLocked(int index, long gfn) {
    if (!grow(index + 1)) {
      return Errno.ENOMEM;
    }
    if (mappedAt[index] != UNMAPPED) {
      // If it is not there any more, the domain has put something else in its place.
      domain.p2m.withdraw(mappedAt[index], frames[index], P2mType.SHARED);
      mappedAt[index] = UNMAPPED;
    }
    long result = PhysmapPages.show(domain, gfn, frames[index]);
    if (result == Errno.OK) {
      mappedAt[index] = gfn;
    }
    return result;
  }

  /**
   * A frame of the table with a reference, for somebody else's map of it; it is added if need be.
   *
   * @param index below the limit
   * @return the frame, or ENOMEM
   */
  public long referenceFrame(int index) {
    lock.lock();
    long frame = Errno.ENOMEM;
    if (grow(index + 1) && Frames.reference(frames[index], domain.memory)) {
      frame = frames[index];
    }
    lock.unlock();
    return frame;
  }

  /**
   * Begins a use of a grant by another domain, or by this one.
   *
   * @param owner this domain's number, as the caller looked it up
   * @param reference any number
   * @param grantee the user's domid
   * @return the frame, which stays what it is until {@link #release}; or a negative {@link
   *     Gnttabop.Status}
   */
  public long acquire(int owner, int reference, int grantee, boolean write) {
    lock.lock();
    long result;
    if (closed || domain.id != owner) { // it died, or lives again as another
      result = Gnttabop.Status.BAD_DOMAIN;
    } else if (reference < 0 || reference >= count * ENTRIES_PER_FRAME) {
      result = Gnttabop.Status.BAD_GRANT_REFERENCE;
    } else {
      result = uses.begin(entry(reference), reference, grantee, write);
    }
    lock.unlock();
    return result;
  }

  /** Ends one {@link #acquire}. Of a dead domain, the last one frees the table. */
  public void release(int reference, boolean write) {
    lock.lock();
    uses.end(entry(reference), reference, write);
    if (closed && uses.areNone()) {
      freeFrames();
    }
    lock.unlock();
  }

  /**
   * Takes a reference of a frame that {@code grantee} uses a grant of. Looks at every entry of the
   * table, at most 32768: only for devices that do not look into caches.
   */
  public boolean referenceUsed(long frame, int grantee) {
    lock.lock();
    boolean found =
        uses.contain(frame, grantee, count * ENTRIES_PER_FRAME)
            && Frames.reference(frame, domain.memory);
    lock.unlock();
    return found;
  }

  /** The first grant from {@code reference} on that is in use, or -1. For reports. */
  int nextUsed(int reference) {
    lock.lock();
    int at = reference;
    int end = count * ENTRIES_PER_FRAME;
    while (at < end && !uses.at(at).isUsed()) {
      at++;
    }
    lock.unlock();
    return at < end ? at : -1;
  }

  /** What an entry that is there says now. For reports. */
  Gnttabop.EntryWord word(int reference) {
    return new Gnttabop.EntryWord(Memory.load64(entry(reference)));
  }

  /** Address of a shared entry that is there. */
  private long entry(int reference) {
    long frame = frames[reference / ENTRIES_PER_FRAME] << Frames.SHIFT;
    return frame + (long) Gnttabop.Entry.SIZEOF * (reference % ENTRIES_PER_FRAME);
  }

  private boolean grow(int wanted) {
    if (closed || !uses.grow(wanted)) {
      return false;
    }
    while (count < wanted) {
      long frame = Frames.allocate(0, domain.memory, FrameType.SHARED);
      if (frame < 0) {
        return false;
      }
      frames[count] = frame;
      count++;
    }
    return true;
  }

  /**
   * The domain dies, and none of its vCPUs runs: unmaps what it has mapped of others, and frees the
   * table, or leaves that to who still uses a grant of it. Stage 2 is there still.
   *
   * @param budget mappings to look at in this step
   * @return true when done
   */
  public boolean teardown(int budget) {
    lock.lock();
    closed = true;
    lock.unlock();
    if (!maptrack.teardown(budget)) {
      return false;
    }
    lock.lock();
    if (uses.areNone()) {
      freeFrames();
    }
    lock.unlock();
    return true;
  }

  /** At most 192 frames. Those that the toolstack maps are free when it lets go. */
  private void freeFrames() {
    uses.free();
    while (count > 0) {
      count--;
      if (mappedAt[count] != UNMAPPED) {
        domain.p2m.withdraw(mappedAt[count], frames[count], P2mType.SHARED);
        mappedAt[count] = UNMAPPED;
      }
      Frames.free(frames[count], 0);
    }
  }
}
