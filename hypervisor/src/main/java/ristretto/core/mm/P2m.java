package ristretto.core.mm;

import ristretto.abi.Errno;
import ristretto.arch.Stage2Descriptor;
import ristretto.arch.VtcrEl2;
import ristretto.arch.VttbrEl2;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/**
 * Stage 2 of a domain: which guest frame (gfn) is which machine frame (mfn), and what of it the
 * guest may do. An entry never changes from valid to valid: a mapping is removed before another
 * takes its place, and a block that is cut is invalid, and forgotten by every TLB, before the table
 * replaces it (SECURITY rule 12; Arm ARM DDI 0487, "Using break-before-make when updating
 * translation table entries"). A guest that runs into that gap takes a fault which {@link
 * #resolves} tells from a true one.
 *
 * <p>References to frames are the callers': {@link Frames#reference} before a foreign page is
 * mapped, {@link Frames#dereference} after it is unmapped, {@link Frames#free} after a page of RAM
 * is; or {@link #discard}, which does all of it.
 */
public final class P2m {
  private static final int LEVEL1_SHIFT = 18;

  /** Told of each mapping that {@link #teardown} has removed. */
  public interface Removal {
    void removed(long gfn, long mfn, int order, int type);
  }

  /** See {@link #belongsTo}. */
  SpinLock lock = new SpinLock(LockRank.P2M);

  private final MemoryAccount account;
  private final Stage2Tables tables;
  private final Stage2Removal removal;
  private final LargeExtent large;

  /** Entries that {@link #discard} has removed but not let go, and the frames of each. */
  private final long[] heldEntries = new long[Stage2Tables.BATCH];

  private final long[] heldFrames = new long[Stage2Tables.BATCH];

  /** Its own memory lies at gfn = mfn, and stays its own when it is unmapped. */
  private boolean directMapped;

  /** {@link #teardown} has begun: nothing is mapped or pinned any more. */
  private boolean closing;

  private long vttbr;
  private long highest = -1;

  /** A slot that {@link #open} makes usable. */
  @BootOnly
  public P2m(MemoryAccount account) {
    this.account = account;
    this.tables = new Stage2Tables(account);
    this.removal = new Stage2Removal(tables);
    this.large = new LargeExtent(account);
  }

  /** The domain whose memory this is, from its making on. */
  @BootOnly
  public void belongsTo(Domain domain) {
    lock = new SpinLock(LockRank.P2M, domain);
  }

  /** VTCR_EL2 on this machine; the same for all domains. */
  public static VtcrEl2 vtcr() {
    return VtcrEl2.of(physicalAddressRange(), Vmids.areWide());
  }

  private static int physicalAddressRange() {
    return (int) Bits.get(SysReg.ID_AA64MMFR0_EL1.read(), 3, 0);
  }

  /**
   * Takes a VMID and an empty first table.
   *
   * @return {@link Errno#OK} or ENOMEM
   */
  public long open() {
    int vmid = Vmids.allocate();
    if (vmid < 0) {
      return Errno.ENOMEM;
    }
    int bits = VtcrEl2.addressBits(physicalAddressRange()) - Frames.SHIFT;
    if (!tables.open(bits)) {
      Vmids.free(vmid);
      return Errno.ENOMEM;
    }
    vttbr = VttbrEl2.of(tables.root(), vmid).bits();
    tables.useVttbr(vttbr);
    highest = -1;
    closing = false;
    return Errno.OK;
  }

  /** Gives back what {@link #open} took. {@link #teardown} has said that nothing is mapped. */
  public void close() {
    Stage2Tlb.forgetAll(vttbr);
    tables.close();
    Vmids.free(new VttbrEl2(vttbr).vmid());
    vttbr = 0;
  }

  /** VTTBR_EL2: table and VMID. */
  public long vttbr() {
    return vttbr;
  }

  /** Who pays for its tables and its memory. */
  public MemoryAccount account() {
    return account;
  }

  /**
   * Dom0: its memory is where the machine has it, because its devices reach it there. What it gives
   * back is kept for it, so that it can have the same frames again.
   */
  public boolean isDirectMapped() {
    return directMapped;
  }

  public void setDirectMapped() {
    directMapped = true;
  }

  /** All of 2^order guest frames are the domain's own memory. It may be out of date on return. */
  public boolean isMemory(long gfn, int order) {
    return isOwn(gfn, 1L << order, P2mType.RAM_RW);
  }

  /**
   * Firmware may use all of these frames for the domain: its own memory, or memory that the tree
   * reserves for firmware and devices. It may be out of date on return.
   */
  public boolean mayBeUsedByFirmware(long gfn, long count) {
    return isOwn(gfn, count, P2mType.RESERVED);
  }

  private boolean isOwn(long gfn, long count, int other) {
    long end = gfn + count;
    if (!isRange(gfn, count, gfnLimit())) {
      return false;
    }
    lock.lock();
    long at = gfn;
    while (at < end && isOwnOr(other, tables.walk(at).type())) {
      at = tables.leafEnd(at);
    }
    lock.unlock();
    return at >= end;
  }

  private static boolean isOwnOr(int other, int type) {
    return P2mType.isOwnMemory(type) || type == other;
  }

  /** The first guest frame number beyond what stage 2 can translate. */
  public long gfnLimit() {
    return tables.gfnLimit();
  }

  /** The highest guest frame that was ever mapped, or -1. */
  public long highestGfn() {
    return highest;
  }

  /**
   * Maps 2^order frames that lie together in both address spaces, in blocks as large as alignment
   * allows.
   *
   * @param type one of {@link P2mType}
   * @return {@link Errno#OK}; EINVAL for numbers out of range, EEXIST where something is mapped,
   *     ENOMEM for tables; after an error nothing is mapped that was not before
   */
  public long map(long gfn, long mfn, int order, int type) {
    if (order < 0 || order > Frames.MAX_ORDER) {
      return Errno.EINVAL;
    }
    return mapRange(gfn, mfn, 1L << order, type);
  }

  /**
   * Maps a device that the domain owns; address and size are multiples of 4096. See {@link #map}.
   */
  public long mapDevice(long ipa, long physicalAddress, long size) {
    if (!Bits.isAligned(ipa | physicalAddress | size, Frames.SIZE)) {
      return Errno.EINVAL;
    }
    return mapRange(
        ipa >>> Frames.SHIFT,
        physicalAddress >>> Frames.SHIFT,
        size >>> Frames.SHIFT,
        P2mType.DEVICE);
  }

  /** {@link #map} for any number of frames. */
  public long mapRange(long gfn, long mfn, long count, int type) {
    Stage2Descriptor rights = P2mType.descriptor(type);
    if (!rights.isValid() || !isRange(gfn, count, gfnLimit()) || !isRange(mfn, count, 1L << 36)) {
      return Errno.EINVAL;
    }
    lock.lock();
    long done = 0;
    long result = closing ? Errno.EINVAL : Errno.OK;
    while (done < count && result == Errno.OK) {
      int order = blockOrder((gfn + done) | (mfn + done), count - done);
      long placed = tables.place(gfn + done, order, rights.at((mfn + done) << Frames.SHIFT));
      if (placed < 0) {
        result = placed;
      } else {
        done += placed;
      }
    }
    if (result != Errno.OK) {
      tables.clear(gfn, done); // whole blocks that this call placed: cannot fail
    } else {
      highest = Math.max(highest, gfn + count - 1);
    }
    tables.publish();
    lock.unlock();
    return result;
  }

  /**
   * A step towards new memory of the domain's own at 2^order guest frames, more than can be cleared
   * in one go.
   *
   * @return OK when it is there; EAGAIN: ask again; ENOMEM, and as {@link #map}: there is nothing
   */
  public long populateLarge(long gfn, int order) {
    if (order > Frames.MAX_ORDER || !isRange(gfn, 1L << order, gfnLimit())) {
      return Errno.EINVAL;
    }
    lock.lock();
    long frame = closing ? LargeExtent.NONE : large.step(order);
    lock.unlock();
    if (frame < 0) {
      return frame == LargeExtent.UNFINISHED ? Errno.EAGAIN : Errno.ENOMEM;
    }
    long result = map(gfn, frame, order, P2mType.RAM_RW);
    if (result != Errno.OK) {
      Frames.free(frame, order);
    }
    return result;
  }

  /**
   * Removes the mappings of 2^order frames, where there are any. When this returns OK no CPU can
   * reach the frames through this domain any more.
   *
   * @return {@link Errno#OK}; EINVAL for numbers out of range; ENOMEM when a block had to be cut
   *     and there is no memory for the table, and then nothing was removed
   */
  public long unmap(long gfn, int order) {
    long count = 1L << order;
    if (order < 0 || order > Frames.MAX_ORDER || !isRange(gfn, count, gfnLimit())) {
      return Errno.EINVAL;
    }
    lock.lock();
    boolean cut = tables.cutAt(gfn) && tables.cutAt(gfn + count);
    if (cut) {
      tables.clear(gfn, count);
    }
    lock.unlock();
    return cut ? Errno.OK : Errno.ENOMEM;
  }

  /**
   * Removes what is mapped in 2^order frames and ends the domain's hold on it: its own memory is
   * given back, other domains' pages lose a reference, shared pages and devices only their mapping.
   *
   * @return {@link Errno#OK}; as {@link #unmap}; EBUSY where a granted page is mapped, which only
   *     its handle unmaps, and then nothing was removed
   */
  public long discard(long gfn, int order) {
    long count = 1L << order;
    if (order < 0 || order > Frames.MAX_ORDER || !isRange(gfn, count, gfnLimit())) {
      return Errno.EINVAL;
    }
    lock.lock();
    long result = order == 0 ? discardPage(gfn, Errno.OK) : discardRange(gfn, gfn + count);
    lock.unlock();
    return result;
  }

  /** {@link #discard} of one page; ENOENT where nothing is mapped. */
  public long remove(long gfn) {
    if (!isRange(gfn, 1, gfnLimit())) {
      return Errno.EINVAL;
    }
    lock.lock();
    long result = discardPage(gfn, Errno.ENOENT);
    lock.unlock();
    return result;
  }

  /**
   * One page: what a toolstack that builds or saves a domain does thousands of times.
   *
   * @param absent the result where nothing is mapped
   */
  private long discardPage(long gfn, long absent) {
    long table = tables.tableOfPages(gfn);
    Stage2Descriptor page = table == 0 ? tables.walk(gfn) : tables.page(table, gfn);
    if (!page.isValid()) {
      return absent;
    }
    if (P2mType.isGrant(page.type())) {
      return Errno.EBUSY;
    }
    if (table != 0) {
      tables.clearPage(table, gfn);
    } else if (tables.cutAt(gfn) && tables.cutAt(gfn + 1)) {
      tables.clear(gfn, 1);
    } else {
      return Errno.ENOMEM;
    }
    letGo(page, 1);
    return Errno.OK;
  }

  /**
   * {@link #discard} of one page and {@link #map} of another in its place.
   *
   * @return as they do; after ENOMEM nothing may be mapped there
   */
  public long replace(long gfn, long mfn, int type) {
    Stage2Descriptor rights = P2mType.descriptor(type);
    if (!rights.isValid() || !isRange(gfn, 1, gfnLimit()) || !isRange(mfn, 1, 1L << 36)) {
      return Errno.EINVAL;
    }
    Stage2Descriptor leaf = rights.at(mfn << Frames.SHIFT);
    lock.lock();
    long result = tables.placePage(gfn, leaf) ? Errno.OK : replaceMapped(gfn, leaf);
    if (result == Errno.OK) {
      highest = Math.max(highest, gfn);
      tables.publish();
    }
    lock.unlock();
    return result;
  }

  private long replaceMapped(long gfn, Stage2Descriptor leaf) {
    long result = discardPage(gfn, Errno.OK);
    return result == Errno.OK ? Math.min(Errno.OK, tables.place(gfn, 0, leaf)) : result;
  }

  /**
   * Removes the mapping of one page if it is of this frame and type. When this returns true no CPU
   * can reach the frame there any more.
   */
  public boolean withdraw(long gfn, long mfn, int type) {
    lock.lock();
    Stage2Descriptor page = tables.walk(gfn);
    boolean there = page.type() == type && page.address() >>> Frames.SHIFT == mfn;
    if (there) {
      tables.clear(gfn, 1);
    }
    lock.unlock();
    return there;
  }

  /**
   * Removes mappings of grants, whose handles the caller has taken.
   *
   * @param list hypervisor address of guest frame numbers
   */
  public void withdrawGrants(long list, int count) {
    lock.lock();
    for (int i = 0; i < count; i++) {
      clearGrant(Memory.load64(list + (long) i * Long.BYTES));
    }
    tables.flush();
    lock.unlock();
  }

  /** {@link #withdrawGrants} of one. */
  public void withdrawGrant(long gfn) {
    lock.lock();
    clearGrant(gfn);
    tables.flush();
    lock.unlock();
  }

  private void clearGrant(long gfn) {
    if (P2mType.isGrant(tables.walk(gfn).type())) {
      tables.clearAt(gfn);
    }
  }

  private long discardRange(long first, long end) {
    if (holdsGrant(first, end)) {
      return Errno.EBUSY;
    }
    if (!tables.cutAt(first) || !tables.cutAt(end)) {
      return Errno.ENOMEM;
    }
    discardLeaves(first, end);
    return Errno.OK;
  }

  private boolean holdsGrant(long first, long end) {
    long gfn = first;
    while (gfn < end) {
      if (P2mType.isGrant(tables.walk(gfn).type())) {
        return true;
      }
      gfn = tables.leafEnd(gfn);
    }
    return false;
  }

  /** A batch at a time: remember, remove from every TLB, let go. */
  private void discardLeaves(long first, long end) {
    long gfn = first;
    while (gfn < end) {
      long batch = gfn;
      int leaves = 0;
      while (gfn < end && leaves < Stage2Tables.BATCH) {
        Stage2Descriptor leaf = tables.walk(gfn);
        long next = tables.leafEnd(gfn);
        if (leaf.isValid()) {
          heldEntries[leaves] = leaf.bits();
          heldFrames[leaves] = next - gfn;
          leaves++;
        }
        gfn = next;
      }
      tables.clear(batch, gfn - batch);
      for (int i = 0; i < leaves; i++) {
        letGo(new Stage2Descriptor(heldEntries[i]), heldFrames[i]);
      }
    }
  }

  private void letGo(Stage2Descriptor leaf, long count) {
    long frame = leaf.address() >>> Frames.SHIFT;
    if (P2mType.isOwnMemory(leaf.type())) {
      if (directMapped) {
        return;
      }
      Frames.free(frame, Frames.orderAt(frame, count));
    } else if (leaf.type() == P2mType.FOREIGN) {
      Frames.dereference(frame);
    }
  }

  /**
   * Cleans and invalidates the caches over the domain's own memory in a range of guest frames: what
   * has been written there reaches a guest that looks with its caches off.
   *
   * @param end not beyond {@link #gfnLimit}; the caller bounds the range
   */
  public void flushCaches(long first, long end) {
    lock.lock();
    long gfn = first;
    while (gfn < end) {
      Stage2Descriptor leaf = tables.walk(gfn);
      long next = Math.min(tables.leafEnd(gfn), end);
      if (P2mType.isOwnMemory(leaf.type())) {
        Scrubber.cleanInvalidate(leaf.address(), (next - gfn) << Frames.SHIFT);
      }
      gfn = next;
    }
    lock.unlock();
  }

  /**
   * What a guest frame is: a descriptor whose address is that of the page, or INVALID. It may be
   * out of date when this returns; {@link #pin} keeps a page.
   */
  public Stage2Descriptor lookup(long gfn) {
    lock.lock();
    Stage2Descriptor found = tables.walk(gfn);
    lock.unlock();
    return found;
  }

  /**
   * The page at this intermediate physical address is the domain's RAM, readable and executable.
   */
  public boolean isRam(long address) {
    return P2mType.isOwnMemory(lookup(address >>> Frames.SHIFT).type());
  }

  /** An access that stage 2 refused is allowed by now: the guest only has to try again. */
  public boolean resolves(long address, boolean write, boolean execute) {
    Stage2Descriptor found = lookup(address >>> Frames.SHIFT);
    return found.isValid()
        && !(write && !found.isWritable())
        && !(execute && found.isExecuteNever());
  }

  /**
   * Keeps a page of the domain's writable RAM for the hypervisor's own use until {@link #unpin},
   * even when the domain gives it back.
   *
   * @return its hypervisor address, or 0 when it is no such page
   */
  public long pin(long gfn) {
    lock.lock();
    Stage2Descriptor found = tables.walk(gfn);
    boolean pinned =
        !closing
            && found.type() == P2mType.RAM_RW
            && Frames.reference(found.address() >>> Frames.SHIFT, account);
    lock.unlock();
    return pinned ? found.address() : 0;
  }

  /** Ends {@link #pin}. */
  public void unpin(long address) {
    Frames.dereference(address >>> Frames.SHIFT);
  }

  /** {@link #lookup} for who holds the lock, or is among the {@link Stage2Readers}. */
  Stage2Descriptor walk(long gfn) {
    return tables.walk(gfn);
  }

  /**
   * Removes everything, in steps; no vCPU of the domain runs or is loaded, or ever will be.
   *
   * @param budget mappings to remove in this step, about
   * @return true when nothing is left
   */
  public boolean teardown(Removal told, int budget) {
    lock.lock();
    closing = true;
    large.giveBack();
    boolean done = removal.step(told, budget);
    lock.unlock();
    return done;
  }

  private static boolean isRange(long first, long count, long limit) {
    return first >= 0 && count > 0 && count <= limit && first <= limit - count;
  }

  private static int blockOrder(long alignedTo, long left) {
    int order = Frames.orderAt(alignedTo, left);
    if (order >= LEVEL1_SHIFT) {
      return LEVEL1_SHIFT;
    }
    return order >= Stage2Tables.INDEX_BITS ? Stage2Tables.INDEX_BITS : 0;
  }
}
