package ristretto.core.grant;

import ristretto.abi.Gnttabop.MapFlags;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * What a domain has mapped of others' grants, by handle. A handle is an entry's number and its
 * generation, so that one that was given back does not name what its entry stands for later
 * (SECURITY rule 2, XSA-218). Entries are in frames that are charged to the domain, added as they
 * are needed, and kept until it dies.
 *
 * <p>Whoever finds an entry MAPPED and makes it CLOSING, under the lock, is alone with it.
 */
public final class Maptrack {
  /** No handle; also Linux's invalid one. */
  static final int NONE = -1;

  private static final int PER_FRAME = Frames.SIZE / Mapping.SIZEOF;
  private static final int FRAMES_PER_DIRECTORY = Frames.SIZE / Long.BYTES;
  private static final int DIRECTORIES = 2;

  /** Frames that there can be at most. */
  static final int CAPACITY = DIRECTORIES * FRAMES_PER_DIRECTORY;

  static final int INDEX_TOP = 17;
  static final int GENERATION_TOP = 30;

  private final Domain domain;
  private final SpinLock lock = new SpinLock(LockRank.MAPTRACK);

  /** Physical addresses of frames that hold the addresses of the frames with entries. */
  private final long[] directories = new long[DIRECTORIES];

  // Guarded by the lock.
  private int frames;
  private int limit = GrantTable.DEFAULT_MAPTRACK_LIMIT;
  private int firstFree = NONE;

  /** Entries from this one on were never used. */
  private int firstFresh;

  private boolean closed;

  /** Where {@link #teardown} goes on. */
  private int closingAt;

  @BootOnly
  Maptrack(Domain domain) {
    this.domain = domain;
  }

  /** A new domain begins with nothing mapped. */
  void start() {
    frames = 0;
    firstFree = NONE;
    firstFresh = 0;
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
      entry.setState(Mapping.OPENING);
      handle = handle(index, entry);
    }
    lock.unlock();
    return handle;
  }

  private int takeFree() {
    int index = firstFree;
    if (index != NONE) {
      firstFree = entry(index).next();
      return index;
    }
    if (firstFresh == frames * PER_FRAME && !grow()) {
      return NONE;
    }
    return firstFresh++;
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
    Memory.store64(slot(frames), address);
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
    if (handle < 0 || index >= firstFresh) {
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
    entry(index).setFree(firstFree);
    firstFree = index;
    lock.unlock();
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
      if (closingAt == firstFresh) {
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

  private void freeFrames() {
    for (int i = 0; i < frames; i++) {
      Frames.free(Memory.load64(slot(i)) >>> Frames.SHIFT, 0);
    }
    for (int i = 0; i < DIRECTORIES; i++) {
      if (directories[i] != 0) {
        Frames.free(directories[i] >>> Frames.SHIFT, 0);
        directories[i] = 0;
      }
    }
    start();
    closed = true;
  }

  private static int handle(int index, Mapping entry) {
    return Bits.put(index, GENERATION_TOP, INDEX_TOP + 1, entry.generation());
  }

  private Mapping entry(int index) {
    long frame = Memory.load64(slot(index / PER_FRAME));
    return new Mapping(frame + (long) Mapping.SIZEOF * (index % PER_FRAME));
  }

  /** Where the address of a frame is. */
  private long slot(int frame) {
    return directories[frame / FRAMES_PER_DIRECTORY]
        + (long) Long.BYTES * (frame % FRAMES_PER_DIRECTORY);
  }
}
