package ristretto.core.grant;

import ristretto.abi.Gnttabop.MapFlags;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;

/**
 * What a domain has mapped of others' grants, by handle. A handle is an entry's number and its
 * generation, so that one that was given back does not name what its entry stands for later
 * (SECURITY rule 2, XSA-218). Entries are in frames that are charged to the domain, added as they
 * are needed. The lowest entries are used first, and the last frame is given back when it is empty
 * and the one below it not more than half full: what a domain needed for a while is not kept from
 * others until it dies, and who maps and unmaps one page at a border pays for no frame each time.
 *
 * <p>Whoever finds an entry MAPPED and makes it CLOSING, under the lock, is alone with it.
 */
public final class Maptrack {
  /** No handle; also Linux's invalid one. */
  static final int NONE = -1;

  private static final int PER_FRAME = MaptrackFrame.ENTRIES;
  private static final int FRAMES_PER_DIRECTORY = Frames.SIZE / Long.BYTES;
  private static final int DIRECTORIES = 2;

  /** Frames that there can be at most. */
  static final int CAPACITY = DIRECTORIES * FRAMES_PER_DIRECTORY;

  /** Frames given back in one call, so that it is not long; the rest go with the next. */
  private static final int MOST_GIVEN_BACK = 64;

  static final int INDEX_TOP = 17;
  static final int GENERATION_TOP = 30;

  private final Domain domain;
  private final SpinLock lock;

  /** Physical addresses of frames that hold the addresses of the frames with entries. */
  private final long[] directories = new long[DIRECTORIES];

  // Guarded by the lock.
  private int frames;
  private int limit = GrantTable.DEFAULT_MAPTRACK_LIMIT;

  /** No frame below has a free entry. */
  private int lowestFree;

  /** Of the last handle that was given out; {@link #handle} keeps its low bits. */
  private int generation;

  private boolean closed;

  /** Where {@link #teardown} goes on. */
  private int closingAt;

  @BootOnly
  Maptrack(Domain domain) {
    this.domain = domain;
    this.lock = new SpinLock(LockRank.MAPTRACK, domain);
  }

  /** A new domain begins with nothing mapped. */
  void start() {
    frames = 0;
    lowestFree = 0;
    closingAt = 0;
    closed = false;
  }

  void setLimit(int frameLimit) {
    limit = Math.min(frameLimit, CAPACITY);
  }

  int limit() {
    return limit;
  }

  int frames() {
    return frames;
  }

  /** Takes an entry for a mapping that is about to be made. Returns its handle, or NONE. */
  int open() {
    lock.lock();
    int index = closed ? NONE : takeFree();
    int handle = NONE;
    if (index != NONE) {
      Mapping entry = entry(index);
      generation++;
      entry.open(generation);
      handle = handle(index, entry);
    }
    lock.unlock();
    return handle;
  }

  private int takeFree() {
    while (lowestFree < frames && frame(lowestFree).isFull()) {
      lowestFree++;
    }
    if (lowestFree == frames && !grow()) {
      return NONE;
    }
    return lowestFree * PER_FRAME + frame(lowestFree).take();
  }

  private boolean grow() {
    if (frames == limit) {
      return false;
    }
    int directory = frames / FRAMES_PER_DIRECTORY;
    if (directories[directory] == 0) {
      directories[directory] = allocate();
    }
    if (directories[directory] == 0) {
      return false;
    }
    long address = allocate();
    if (address == 0) {
      return false;
    }
    frame(frames).open(address);
    frames++;
    return true;
  }

  private long allocate() {
    long frame = Frames.allocate(0, domain.memory, FrameType.PRIVATE);
    return frame < 0 ? 0 : frame << Frames.SHIFT;
  }

  /** The mapping of an entry from {@link #open} is made. */
  void publish(int handle, int reference, int granter, MapFlags flags, long gfn) {
    lock.lock();
    at(handle).set(Mapping.MAPPED, reference, granter, flags, gfn);
    lock.unlock();
  }

  /** Takes a mapping out of use, for the caller alone. False if the handle names none. */
  boolean take(int handle) {
    lock.lock();
    boolean taken = isMapped(handle);
    if (taken) {
      at(handle).setState(Mapping.CLOSING);
    }
    lock.unlock();
    return taken;
  }

  private boolean isMapped(int handle) {
    int index = Bits.get(handle, INDEX_TOP, 0);
    if (handle < 0 || index >= frames * PER_FRAME) {
      return false;
    }
    Mapping entry = entry(index);
    return entry.state() == Mapping.MAPPED && handle(index, entry) == handle;
  }

  /** The caller's own entry. */
  Mapping at(int handle) {
    return entry(Bits.get(handle, INDEX_TOP, 0));
  }

  /** Ends {@link #take}: a part of the mapping is still there. */
  void putBack(int handle, MapFlags left) {
    lock.lock();
    Mapping entry = at(handle);
    entry.setFlags(left);
    entry.setState(Mapping.MAPPED);
    lock.unlock();
  }

  /** Ends {@link #take} or {@link #open}: there is no such mapping any more. */
  void release(int handle) {
    int index = Bits.get(handle, INDEX_TOP, 0);
    lock.lock();
    frame(index / PER_FRAME).give(index % PER_FRAME);
    lowestFree = Math.min(lowestFree, index / PER_FRAME);
    if (!closed) {
      shrink();
    }
    lock.unlock();
  }

  /** The first frame stays: a domain that maps anything will do so again. */
  private void shrink() {
    int least = Math.max(1, frames - MOST_GIVEN_BACK);
    while (frames > least
        && frame(frames - 1).used() == 0
        && frame(frames - 2).used() <= PER_FRAME / 2) {
      dropLast();
    }
  }

  private void dropLast() {
    frames--;
    free(frame(frames).close());
    if (frames % FRAMES_PER_DIRECTORY == 0) {
      int directory = frames / FRAMES_PER_DIRECTORY;
      free(directories[directory]);
      directories[directory] = 0;
    }
  }

  private static void free(long address) {
    Frames.free(address >>> Frames.SHIFT, 0);
  }

  /**
   * The domain dies, and none of its vCPUs runs: what it has mapped is unmapped, and then the
   * frames are freed.
   *
   * @param budget entries to look at in this step
   * @return true when nothing is left
   */
  boolean teardown(int budget) {
    lock.lock();
    closed = true;
    lock.unlock();
    for (int left = budget; left > 0; left--) {
      skipUnused();
      if (closingAt == frames * PER_FRAME) {
        freeFrames();
        return true;
      }
      int handle = handle(closingAt, entry(closingAt));
      if (take(handle)) {
        GrantMapping.close(domain, handle);
      }
      closingAt++;
    }
    return false;
  }

  private void skipUnused() {
    int at = closingAt / PER_FRAME;
    while (at < frames && frame(at).used() == 0) {
      at++;
      closingAt = at * PER_FRAME;
    }
  }

  private void freeFrames() {
    while (frames > 0) {
      dropLast();
    }
    start();
    closed = true;
  }

  private static int handle(int index, Mapping entry) {
    return Bits.put(index, GENERATION_TOP, INDEX_TOP + 1, entry.generation());
  }

  private Mapping entry(int index) {
    return frame(index / PER_FRAME).entry(index % PER_FRAME);
  }

  MaptrackFrame frame(int index) {
    return new MaptrackFrame(
        directories[index / FRAMES_PER_DIRECTORY]
            + (long) Long.BYTES * (index % FRAMES_PER_DIRECTORY));
  }
}
