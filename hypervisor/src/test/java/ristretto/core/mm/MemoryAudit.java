package ristretto.core.mm;

import static ristretto.fuzz.Check.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ristretto.arch.Stage2Descriptor;
import ristretto.arch.VttbrEl2;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.fuzz.Fields;
import ristretto.sim.SimulatedMachine;

/**
 * The frame table and the stage 2 tables of all domains at one moment, read from outside, and what
 * must hold between them: every frame has one owner, accounts agree with frames, a domain reaches
 * its own memory and what others let it have, and each frame has as many references as there are
 * uses of it. Who else uses frames says so with {@link #uses}.
 */
public final class MemoryAudit {
  private static final int NOBODY = -1;
  private static final int TYPES = 4;
  private static final int TOP_ORDER = 2 * Stage2Tables.INDEX_BITS;

  /** A page or block that a domain reaches. */
  public record Leaf(Domain domain, long gfn, long mfn, int order, int type, boolean writable) {
    @Override
    public String toString() {
      return "domain %d, gfn 0x%x, mfn 0x%x, type %d".formatted(domain.id, gfn, mfn, type);
    }
  }

  private final SimulatedMachine machine;
  private final FrameTable table = Frames.TABLE;
  private final IntBuffer[] entries = new IntBuffer[FrameTable.MAX_BANKS];

  /** By bank and frame: where its block begins, or {@link #NOBODY}: reserved. */
  private final int[][] heads = new int[FrameTable.MAX_BANKS][];

  /** By bank and frame: how often it is mapped by its owner. */
  private final byte[][] mapped = new byte[FrameTable.MAX_BANKS][];

  /** By bank: a bit for each frame, as {@link DirtyFrames} has them. */
  private final LongBuffer[] dirty = new LongBuffer[FrameTable.MAX_BANKS];

  /** Blocks that are cleared for a domain, in steps. */
  private final Set<Long> beingCleared = new HashSet<>();

  private final long[][] charged = new long[MemoryAccount.MAXIMUM][TYPES];

  /** By account: frames of RAM that their owner has not given back. */
  private final long[] held = new long[MemoryAccount.MAXIMUM];

  private final Map<Long, Integer> uses = new HashMap<>();
  private final List<Leaf> leaves = new ArrayList<>();
  private final Set<Integer> vmids = new HashSet<>();
  private long free;

  private MemoryAudit(SimulatedMachine machine) {
    this.machine = machine;
  }

  /** Reads everything; what does not fit in itself is an AssertionError. */
  public static MemoryAudit read(SimulatedMachine machine) {
    MemoryAudit audit = new MemoryAudit(machine);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        audit.beingCleared.add(Fields.number(Fields.value(domain.p2m, "large"), "first"));
      }
    }
    for (int bank = 0; bank < audit.table.banks(); bank++) {
      audit.readBank(bank);
    }
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        audit.readTables(domain);
      }
    }
    return audit;
  }

  public List<Leaf> leaves() {
    return leaves;
  }

  /** Somebody beside its owner uses the frame once. */
  public void uses(long frame) {
    uses.merge(frame, 1, Integer::sum);
  }

  private void readBank(int bank) {
    int count = (int) table.frameCount(bank);
    long first = table.firstFrame(bank);
    byte[] bytes = machine.read(table.address(bank, first), count * FrameEntry.SIZEOF);
    entries[bank] = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    int size = (int) DirtyFrames.size(first, count);
    dirty[bank] = words(Frames.FREE.dirty.word(bank, first), size);
    heads[bank] = new int[count];
    mapped[bank] = new byte[count];
    int at = 0;
    while (at < count) {
      FrameEntry entry = new FrameEntry(entries[bank].get(at));
      if (entry.isTail()) {
        heads[bank][at] = NOBODY;
        at++;
      } else {
        at += readBlock(bank, at, entry, count);
      }
    }
  }

  private int readBlock(int bank, int at, FrameEntry entry, int count) {
    long frame = table.firstFrame(bank) + at;
    int size = 1 << entry.order();
    check((frame & size - 1) == 0 && at + size <= count, "frame 0x%x: no such block", frame);
    for (int i = at + 1; i < at + size; i++) {
      check(entries[bank].get(i) == 0, "frame 0x%x is in two blocks", frame - at + i);
    }
    Arrays.fill(heads[bank], at, at + size, at);
    if (entry.state() != FrameEntry.STATE_FREE && !beingCleared.contains(frame)) {
      for (long f = frame; f < frame + size; f++) {
        check((dirty[bank].get(word(bank, f)) >>> f & 1) == 0, "frame 0x%x: dirty, in use", f);
      }
    }
    if (entry.state() == FrameEntry.STATE_FREE) {
      free += size;
    } else {
      charged[entry.account()][entry.type()] += size;
      if (entry.state() == FrameEntry.STATE_ALLOCATED && entry.type() == FrameType.RAM) {
        held[entry.account()] += size;
      }
    }
    return size;
  }

  /** Of the words of a bank's bits that with the bit of {@code frame}. */
  private int word(int bank, long frame) {
    return (int) (frame / Long.SIZE - table.firstFrame(bank) / Long.SIZE);
  }

  private FrameEntry entryOf(long frame) {
    int bank = table.bank(frame);
    if (bank < 0) {
      return FrameEntry.TAIL;
    }
    int head = heads[bank][(int) (frame - table.firstFrame(bank))];
    return head == NOBODY ? FrameEntry.TAIL : new FrameEntry(entries[bank].get(head));
  }

  private LongBuffer words(long address, int size) {
    return ByteBuffer.wrap(machine.read(address, size))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer();
  }

  private void readTables(Domain domain) {
    long root = new VttbrEl2(domain.p2m.vttbr()).table();
    if (root == 0) {
      return; // it is gone but for frames that others use
    }
    int vmid = new VttbrEl2(domain.p2m.vttbr()).vmid();
    check(vmid != 0 && vmids.add(vmid), "domain %d: VMID %d is another's", domain.id, vmid);
    int entries = (int) (domain.p2m.gfnLimit() >>> TOP_ORDER);
    LongBuffer words = words(root, entries * Long.BYTES);
    long tables = Math.max(1, entries / Stage2Tables.ENTRIES);
    for (int i = 0; i < entries; i++) {
      tables += read(domain, new Stage2Descriptor(words.get(i)), (long) i << TOP_ORDER, TOP_ORDER);
    }
    long paid = charged[domain.memory.index][FrameType.TABLE];
    check(
        domain.isDying() ? tables <= paid : tables == paid,
        "domain %d has %d tables and pays for %d",
        domain.id,
        tables,
        paid);
  }

  /** An entry and all below it; returns how many tables that is. */
  private int read(Domain domain, Stage2Descriptor entry, long gfn, int order) {
    if (!entry.isValid()) {
      return 0;
    }
    if (order == 0 || !entry.isTable()) {
      readLeaf(domain, entry, gfn, order);
      return 0;
    }
    FrameEntry frame = entryOf(entry.address() >>> Frames.SHIFT);
    check(
        frame.state() == FrameEntry.STATE_ALLOCATED
            && frame.account() == domain.memory.index
            && frame.type() == FrameType.TABLE,
        "domain %d: the table at 0x%x is not one of its own",
        domain.id,
        entry.address());
    LongBuffer words = words(entry.address(), Frames.SIZE);
    int tables = 1;
    int valid = 0;
    for (int i = 0; i < Stage2Tables.ENTRIES; i++) {
      Stage2Descriptor below = new Stage2Descriptor(words.get(i));
      int belowOrder = order - Stage2Tables.INDEX_BITS;
      valid += below.isValid() ? 1 : 0;
      tables += read(domain, below, gfn + ((long) i << belowOrder), belowOrder);
    }
    check(
        valid == entry.used() && valid != 0,
        "domain %d, gfn 0x%x: a table of %d entries counts %d",
        domain.id,
        gfn,
        valid,
        entry.used());
    return tables;
  }

  private void readLeaf(Domain domain, Stage2Descriptor entry, long gfn, int order) {
    long mfn = entry.address() >>> Frames.SHIFT;
    Leaf leaf = new Leaf(domain, gfn, mfn, order, entry.type(), entry.isWritable());
    leaves.add(leaf);
    switch (leaf.type()) {
      case P2mType.RAM_RW, P2mType.RAM_RO -> {
        for (long i = 0; i < 1L << order; i++) {
          checkOwn(leaf, gfn + i, mfn + i);
        }
      }
      case P2mType.SHARED -> {
        FrameEntry frame = entryOf(mfn);
        check(
            order == 0
                && frame.state() >= FrameEntry.STATE_ALLOCATED
                && frame.account() == domain.memory.index
                && frame.type() == FrameType.SHARED,
            "%s: no shared page of the domain",
            leaf);
      }
      case P2mType.FOREIGN -> {
        checkVisible(leaf);
        uses(mfn);
      }
      case P2mType.GRANT_RW, P2mType.GRANT_RO -> {
        checkVisible(leaf); // whoever knows the handles compares them
        check(leaf.writable() == (leaf.type() == P2mType.GRANT_RW), "%s: wrong rights", leaf);
      }
      case P2mType.DEVICE -> check(table.bank(mfn) < 0, "%s: a device where there is RAM", leaf);
      case P2mType.RESERVED ->
          check(entryOf(mfn).isTail() && domain.privileged, "%s: not reserved", leaf);
      default -> throw new AssertionError(leaf + ": no such type");
    }
  }

  private void checkOwn(Leaf leaf, long gfn, long mfn) {
    FrameEntry frame = entryOf(mfn);
    check(
        frame.state() == FrameEntry.STATE_ALLOCATED
            && frame.account() == leaf.domain().memory.index
            && frame.type() == FrameType.RAM,
        "%s: not the domain's memory",
        leaf);
    int bank = table.bank(mfn);
    int index = (int) (mfn - table.firstFrame(bank));
    check(++mapped[bank][index] == 1, "%s: mapped twice", leaf);
    check(!leaf.domain().p2m.isDirectMapped() || gfn == mfn, "%s: not one to one", leaf);
  }

  private void checkVisible(Leaf leaf) {
    FrameEntry frame = entryOf(leaf.mfn());
    check(
        leaf.order() == 0
            && frame.state() >= FrameEntry.STATE_ALLOCATED
            && FrameType.isVisible(frame.type())
            && frame.account() != Frames.hypervisor().index,
        "%s: nobody's to give",
        leaf);
  }

  /** What could only be compared when everything was known. */
  public void finish() {
    check(free == Frames.FREE.freeFrames(), "%d frames are free", free);
    check(vmids.size() == Vmids.count(), "%d domains have a VMID", vmids.size());
    checkAccounts();
    checkReferences();
    checkNothingLost();
  }

  private void checkAccounts() {
    boolean[] known = new boolean[MemoryAccount.MAXIMUM];
    checkAccount(Frames.hypervisor(), known);
    long claimed = 0;
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        checkAccount(domain.memory, known);
        claimed += domain.memory.claimed();
      }
    }
    check(claimed == Frames.claimedCount() && claimed <= free, "%d frames are claimed", claimed);
    for (int i = 0; i < MemoryAccount.MAXIMUM; i++) {
      check(
          known[i] || Arrays.stream(charged[i]).sum() == 0,
          "account %d of no domain has frames",
          i);
    }
  }

  private void checkAccount(MemoryAccount account, boolean[] known) {
    known[account.index] = true;
    long[] sums = charged[account.index];
    check(
        sums[FrameType.RAM] == account.memory()
            && sums[FrameType.TABLE] == account.tables()
            && sums[FrameType.SHARED] + sums[FrameType.PRIVATE] == account.overhead(),
        "account %d: %d, %d and %d frames, but %s in the table",
        account.index,
        account.memory(),
        account.tables(),
        account.overhead(),
        Arrays.toString(sums));
  }

  private void checkReferences() {
    for (int bank = 0; bank < table.banks(); bank++) {
      for (int i = 0; i < heads[bank].length; i++) {
        FrameEntry entry = new FrameEntry(entries[bank].get(i));
        if (entry.state() >= FrameEntry.STATE_ALLOCATED) {
          long frame = table.firstFrame(bank) + i;
          Integer counted = uses.remove(frame);
          int expected = counted == null ? 0 : counted;
          check(
              entry.references() == expected,
              "frame 0x%x of account %d has %d references and %d uses",
              frame,
              entry.account(),
              entry.references(),
              expected);
          check(entry.references() == 0 || entry.order() == 0, "frame 0x%x: a block", frame);
          check(
              entry.state() == FrameEntry.STATE_ALLOCATED || expected != 0,
              "frame 0x%x is used by nobody and not free",
              frame);
        }
      }
    }
    check(uses.isEmpty(), "frames in use that are nobody's: %s", uses.keySet());
  }

  /** Frames that are being cleared for a domain. */
  private static long beingCleared(Domain domain) {
    Object large = Fields.value(domain.p2m, "large");
    return Fields.number(large, "first") < 0 ? 0 : 1L << Fields.number(large, "order");
  }

  /** All memory of a living domain is mapped; Dom0 keeps what it has unmapped. */
  private void checkNothingLost() {
    Map<Domain, Long> reached = new HashMap<>();
    for (Leaf leaf : leaves) {
      if (P2mType.isOwnMemory(leaf.type())) {
        reached.merge(leaf.domain(), 1L << leaf.order(), Long::sum);
      }
    }
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null && !domain.privileged && !domain.isDying()) {
        long frames = reached.getOrDefault(domain, 0L) + beingCleared(domain);
        check(
            frames == held[domain.memory.index],
            "domain %d has %d frames and reaches %d",
            domain.id,
            held[domain.memory.index],
            frames);
      }
    }
  }
}
