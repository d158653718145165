package ristretto.core.mm;

import java.util.concurrent.atomic.AtomicInteger;
import ristretto.abi.Errno;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.machine.Barrier;

/**
 * All RAM, in frames of 4 KiB. Hands out blocks of 2^order frames, charges them to accounts, counts
 * who else uses a frame, and gives it away again only when nobody does.
 *
 * <p>Every frame is in exactly one of three states: free, charged to one account, or reserved.
 * Operations on a whole block touch one entry of the frame table, whatever its size. References are
 * counted for single frames: taking one cuts the block that holds the frame.
 *
 * <p>Frames that come back are dirty until they are scrubbed: by a CPU that has nothing else to do,
 * or by whoever takes them first.
 *
 * <p>A frame number is a physical address divided by 4096; as RAM is mapped at its physical
 * addresses, {@code frame << SHIFT} is also its hypervisor address.
 */
public final class Frames {
  public static final int SHIFT = 12;
  public static final int SIZE = 1 << SHIFT;

  /** The largest block: 1 GiB. */
  public static final int MAX_ORDER = FreeLists.MAX_ORDER;

  static final SpinLock LOCK = new SpinLock(LockRank.FRAMES);
  static final FrameTable TABLE = new FrameTable();
  static final FreeLists FREE = new FreeLists(TABLE);

  private static final MemoryAccount[] ACCOUNTS = new MemoryAccount[MemoryAccount.MAXIMUM];
  private static int accountCount;

  /** 1 while an idle CPU scrubs. */
  private static final AtomicInteger SCRUBBING = new AtomicInteger();

  private static long totalFrames;

  /** Free frames that are promised to accounts: the sum of what each has claimed. */
  private static long claimedFrames;

  static {
    newAccount();
  }

  private Frames() {}

  /** Forgets everything; {@link FrameSetup} then says what there is. */
  @BootOnly
  static void reset() {
    TABLE.clear();
    FREE.clear();
    Vmids.reset();
    accountCount = 0;
    totalFrames = 0;
    claimedFrames = 0;
    newAccount();
  }

  /** A new account without limits. Boot makes as many as there can be domains. */
  @BootOnly
  public static MemoryAccount newAccount() {
    MemoryAccount account = new MemoryAccount(accountCount);
    ACCOUNTS[accountCount] = account;
    accountCount++;
    return account;
  }

  /** The hypervisor's own account. */
  public static MemoryAccount hypervisor() {
    return ACCOUNTS[0];
  }

  /** Frames of RAM that are not reserved. */
  public static long totalCount() {
    return totalFrames;
  }

  /** All frames of RAM, reserved ones included. */
  public static long ramCount() {
    long count = 0;
    for (int bank = 0; bank < TABLE.banks(); bank++) {
      count += TABLE.frameCount(bank);
    }
    return count;
  }

  /** The highest frame number of RAM. */
  public static long highestFrame() {
    long highest = 0;
    for (int bank = 0; bank < TABLE.banks(); bank++) {
      highest = Math.max(highest, TABLE.firstFrame(bank) + TABLE.frameCount(bank) - 1);
    }
    return highest;
  }

  /** Frames that nobody has. */
  public static long freeCount() {
    LOCK.lock();
    long count = FREE.freeFrames();
    LOCK.unlock();
    return count;
  }

  /**
   * Zeroed memory for the hypervisor's use on behalf of a domain; see {@link FrameType#PRIVATE}.
   *
   * @return the first frame, or -1: no block of this order, or the domain's limit
   */
  public static long allocate(int order, Domain domain) {
    return allocate(order, domain.memory, FrameType.PRIVATE);
  }

  /**
   * Zeroed memory, cleaned to the point of coherency if others than the hypervisor reach it.
   *
   * @param type one of {@link FrameType}
   * @return the first frame, or -1: no block of this order, or the account's limit
   */
  public static long allocate(int order, MemoryAccount account, int type) {
    long frame = allocateUnscrubbed(order, account, type);
    if (frame >= 0) {
      scrub(frame, order, FrameType.isVisible(type));
    }
    return frame;
  }

  /**
   * Scrubs what is dirty of frames that {@link #allocateUnscrubbed} gave: others have been scrubbed
   * while a CPU was idle.
   *
   * @param visible others than the hypervisor will reach them
   */
  static void scrub(long first, int order, boolean visible) {
    if (visible) {
      Barrier.dsbSy(); // the links are gone
    }
    int part = Math.min(order, DirtyFrames.WORD_ORDER);
    for (long frame = first; frame < first + (1L << order); frame += 1L << part) {
      LOCK.lock();
      long dirty = FREE.dirty.claim(frame, part);
      LOCK.unlock();
      long at = frame;
      while (dirty != 0) {
        int skip = Long.numberOfTrailingZeros(dirty);
        int count = Long.numberOfTrailingZeros(~(dirty >>> skip));
        at += skip;
        if (visible) {
          Scrubber.scrub(at << SHIFT, (long) count << SHIFT);
        } else {
          Scrubber.zero(at << SHIFT, (long) count << SHIFT);
        }
        at += count;
        dirty = skip + count == Long.SIZE ? 0 : dirty >>> skip + count;
      }
    }
  }

  /** The boot is over: CPUs without work scrub what is free. */
  @BootOnly
  public static void openToIdleCpus() {
    FREE.dirty.open();
  }

  /** There may be free frames that want to be scrubbed, by a CPU that has time. */
  @Inline
  public static boolean hasDirty() {
    return FREE.dirty.hasAny();
  }

  /**
   * An idle CPU scrubs some free frames: a step of a few microseconds. One CPU at a time, so that
   * who allocates waits for no more than one.
   *
   * @return false: there is nothing to do, or another CPU does it
   */
  @NoInline
  public static boolean scrubWhileIdle() {
    if (!SCRUBBING.compareAndSet(0, 1)) {
      return false;
    }
    LOCK.lock();
    boolean more = FREE.scrubNext();
    LOCK.unlock();
    SCRUBBING.set(0);
    return more;
  }

  /**
   * {@link #allocate} of memory that still holds whatever it held. Prefers addresses above 4 GiB.
   */
  static long allocateUncleared(int order, MemoryAccount account, int type) {
    return take(FreeLists.HIGH, order, account, type, true);
  }

  /** {@link #allocate} of frames that {@link #scrub} is called for before a guest sees them. */
  static long allocateUnscrubbed(int order, MemoryAccount account, int type) {
    return take(FreeLists.HIGH, order, account, type, false);
  }

  /** {@link #allocateUncleared} below 4 GiB. */
  static long allocateLow(int order, MemoryAccount account, int type) {
    return take(FreeLists.LOW, order, account, type, true);
  }

  /**
   * A block of {@code zone} or, if there is none above 4 GiB, of below.
   *
   * @param dropDirt what it holds is forgotten to be dirty: nobody scrubs it
   */
  private static long take(int zone, int order, MemoryAccount account, int type, boolean dropDirt) {
    if (order < 0 || order > MAX_ORDER) {
      return -1;
    }
    LOCK.lock();
    long frame = -1;
    if (mayTake(account, type, 1L << order) && account.charge(type, 1L << order)) {
      frame = FREE.take(zone, order);
      if (frame < 0 && zone == FreeLists.HIGH) {
        frame = FREE.take(FreeLists.LOW, order);
      }
      settle(frame, order, account, type);
    }
    if (frame >= 0 && dropDirt) {
      FREE.dirty.drop(frame, order);
    }
    LOCK.unlock();
    return frame;
  }

  /** So many frames are free that no other account has claimed. */
  private static boolean mayTake(MemoryAccount account, int type, long frames) {
    long own = type == FrameType.RAM ? Math.min(account.claimed(), frames) : 0;
    return frames <= FREE.freeFrames() - claimedFrames + own;
  }

  /** Writes the entry of a block that was charged, or takes the charge back when there is none. */
  private static void settle(long frame, int order, MemoryAccount account, int type) {
    if (frame < 0) {
      account.discharge(type, 1L << order);
    } else {
      TABLE.set(frame, FrameEntry.allocated(order, account.index, type));
      if (type == FrameType.RAM && account.claimed() != 0) {
        changeClaim(account, Math.max(0, account.claimed() - (1L << order)));
      }
    }
  }

  private static void changeClaim(MemoryAccount account, long frames) {
    claimedFrames += frames - account.claimed();
    account.setClaimed(frames);
  }

  /**
   * XENMEM_claim_pages: keeps as many frames free for the account as it needs to have {@code
   * wanted} in all. The claim ends as they are allocated, or with a claim of 0.
   *
   * @return OK; EINVAL when there is a claim already, or the account has, or may have, no such
   *     amount; ENOMEM
   */
  public static long claim(MemoryAccount account, long wanted) {
    LOCK.lock();
    long result = Errno.OK;
    long more = wanted - account.memory();
    if (wanted == 0) {
      changeClaim(account, 0);
    } else if (account.claimed() != 0
        || more <= 0
        || Long.compareUnsigned(wanted, account.memoryLimit()) > 0) {
      result = Errno.EINVAL;
    } else if (more > FREE.freeFrames() - claimedFrames) {
      result = Errno.ENOMEM;
    } else {
      changeClaim(account, more);
    }
    LOCK.unlock();
    return result;
  }

  /** Free frames that are claimed. */
  public static long claimedCount() {
    LOCK.lock();
    long count = claimedFrames;
    LOCK.unlock();
    return count;
  }

  /**
   * The owner gives back 2^order frames, which may be a part of a block or several blocks. No map
   * of its own leads to them any more. Frames that others refer to are free when the last lets go.
   */
  public static void free(long first, int order) {
    LOCK.lock();
    long end = first + (1L << order);
    long frame = first;
    while (frame < end) {
      int cut = cutTo(frame, Math.min(order, FreeLists.MAX_ORDER));
      FrameEntry entry = TABLE.get(frame);
      if (entry.state() != FrameEntry.STATE_ALLOCATED) {
        throw new AssertionError();
      }
      if (entry.references() != 0) {
        TABLE.set(frame, entry.dying());
      } else {
        release(frame, entry);
      }
      frame += 1L << cut;
    }
    LOCK.unlock();
  }

  /**
   * One more use of a frame by somebody else than its owner.
   *
   * @return false unless the frame is guest memory or a shared page of this owner
   */
  public static boolean reference(long frame, MemoryAccount owner) {
    LOCK.lock();
    boolean done = false;
    long at = TABLE.slot(frame);
    if (at != 0) {
      FrameEntry entry = FrameTable.load(at);
      if (entry.isTail()) {
        separate(frame, owner);
        entry = FrameTable.load(at);
      }
      if (isUsable(entry, owner) && entry.references() < FrameEntry.MOST_REFERENCES) {
        if (entry.order() != 0) {
          cut(frame, frame, 0);
          entry = entry.withOrder(0);
        }
        FrameTable.store(at, entry.withReferences(entry.references() + 1));
        done = true;
      }
    }
    LOCK.unlock();
    return done;
  }

  /** Makes a frame in the midst of one of the owner's blocks a block of its own. */
  private static void separate(long frame, MemoryAccount owner) {
    long head = TABLE.head(frame);
    if (head >= 0 && isUsable(TABLE.get(head), owner)) {
      cut(head, frame, 0);
    }
  }

  /** Undoes one {@link #reference}. */
  public static void dereference(long frame) {
    LOCK.lock();
    long at = TABLE.slot(frame);
    FrameEntry entry = at == 0 ? FrameEntry.TAIL : FrameTable.load(at);
    if (entry.state() < FrameEntry.STATE_ALLOCATED || entry.references() == 0) {
      throw new AssertionError();
    }
    FrameEntry after = entry.withReferences(entry.references() - 1);
    if (after.references() == 0 && after.state() == FrameEntry.STATE_DYING) {
      release(frame, after);
    } else {
      FrameTable.store(at, after);
    }
    LOCK.unlock();
  }

  /** The frame is guest memory or a shared page, and this account's. */
  public static boolean isOwnedBy(long frame, MemoryAccount account) {
    LOCK.lock();
    long head = TABLE.head(frame);
    boolean owned = head >= 0 && isUsable(TABLE.get(head), account);
    LOCK.unlock();
    return owned;
  }

  /** The account to which a frame is charged; the hypervisor's for what is free or reserved. */
  @Cold
  public static MemoryAccount ownerOf(long frame) {
    LOCK.lock();
    long head = TABLE.head(frame);
    MemoryAccount owner = hypervisor();
    if (head >= 0 && TABLE.get(head).state() >= FrameEntry.STATE_ALLOCATED) {
      owner = ACCOUNTS[TABLE.get(head).account()];
    }
    LOCK.unlock();
    return owner;
  }

  /** Uses of a frame by others than its owner. */
  public static long references(long frame) {
    LOCK.lock();
    FrameEntry entry = TABLE.get(frame);
    int references = entry.state() >= FrameEntry.STATE_ALLOCATED ? entry.references() : 0;
    LOCK.unlock();
    return references;
  }

  private static boolean isUsable(FrameEntry entry, MemoryAccount owner) {
    return entry.state() == FrameEntry.STATE_ALLOCATED
        && entry.account() == owner.index
        && FrameType.isVisible(entry.type());
  }

  /** Returns a block without references to the free ones. */
  private static void release(long frame, FrameEntry entry) {
    ACCOUNTS[entry.account()].discharge(entry.type(), 1L << entry.order());
    FREE.give(frame, entry.order());
  }

  /**
   * Cuts the allocated block that holds {@code frame} until one of its parts begins there and has
   * at most this order. At most 18 steps.
   *
   * @return the order of that part, which may be smaller than asked
   */
  private static int cutTo(long frame, int order) {
    long head = TABLE.head(frame);
    if (head < 0) {
      throw new AssertionError();
    }
    return cut(head, frame, order);
  }

  /** {@link #cutTo} of the block that begins at {@code block}. */
  private static int cut(long block, long frame, int order) {
    long head = block;
    long at = TABLE.slot(block);
    FrameEntry entry = FrameTable.load(at);
    int headOrder = entry.order();
    if (head == frame && headOrder <= order) {
      return headOrder;
    }
    while (head != frame || headOrder > order) {
      headOrder--;
      long upper = head + (1L << headOrder);
      long atUpper = at + ((long) FrameEntry.SIZEOF << headOrder);
      if (frame >= upper) {
        FrameTable.store(at, entry.withOrder(headOrder));
        head = upper;
        at = atUpper;
      } else {
        FrameTable.store(atUpper, entry.withOrder(headOrder));
      }
    }
    FrameTable.store(at, entry.withOrder(headOrder));
    return headOrder;
  }

  /** Boot: a reserved range without entries becomes free. */
  @BootOnly
  static void release(long first, long count) {
    totalFrames += count;
    long frame = first;
    long left = count;
    while (left > 0) {
      int order = orderAt(frame, left);
      FREE.give(frame, order);
      frame += 1L << order;
      left -= 1L << order;
    }
  }

  /** Boot: a reserved range without entries becomes the account's, as it is. */
  @BootOnly
  static void adopt(long first, long count, MemoryAccount account, int type) {
    totalFrames += count;
    account.charge(type, count);
    long frame = first;
    long left = count;
    while (left > 0) {
      int order = orderAt(frame, left);
      TABLE.set(frame, FrameEntry.allocated(order, account.index, type));
      frame += 1L << order;
      left -= 1L << order;
    }
  }

  /** The largest order to which {@code frame} is aligned and which fits {@code left} frames. */
  static int orderAt(long frame, long left) {
    int aligned = Math.min(Long.numberOfTrailingZeros(frame), MAX_ORDER);
    return Math.min(aligned, Long.SIZE - 1 - Long.numberOfLeadingZeros(left));
  }
}
