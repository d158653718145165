package ristretto.core.mm;

import ristretto.arch.Stage1Descriptor;
import ristretto.core.cpu.CpuStacks;
import ristretto.lang.AssemblyConstants;
import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.machine.Barrier;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.machine.Tlb;

/**
 * EL2's own translation: RAM and our devices at their physical addresses, the image at its link
 * address (entry.S mapped that with its final rights). The image's RAM is not mapped a second time,
 * so that nothing executable can be written; page 0 and the guard pages of the stacks are not
 * mapped at all. Built once, by the boot CPU.
 */
@AssemblyConstants
public final class Stage1 {
  /** Tables that can be added. A bank of RAM needs up to 5 for its ragged ends, a device 2. */
  public static final int TABLES = 48;

  private static final int PAGE_SHIFT = 12;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int INDEX_BITS = 9;
  private static final int LAST_LEVEL = 3;

  private static int used;

  /** The level 1 table of the lowest 512 GiB, by its link address. */
  private static long lowest;

  private Stage1() {}

  /**
   * Replaces what entry.S mapped at physical addresses by the device tree and the code that turns a
   * CPU's MMU on, and takes the guard pages out.
   *
   * @param deviceTree physical address, or 0
   * @param size bytes of the device tree
   */
  @BootOnly
  public static void start(long deviceTree, long size) {
    lowest = newTable();
    long enable = physical(ImageSymbol.ENABLE_MMU.address());
    map(Bits.alignDown(enable, PAGE), Bits.alignDown(enable, PAGE) + PAGE, text());
    if (deviceTree != 0) {
      mapData(deviceTree, size);
    }
    long slot = ImageSymbol.BOOT_TABLES.address();
    replace(slot, Stage1Descriptor.table(physical(lowest)));
    long stacks = ImageSymbol.CPU_STACKS.address();
    for (int i = 0; i < CpuStacks.MAX_CPUS * CpuStacks.AREA / PAGE; i++) {
      long page = stacks + (long) i * PAGE;
      if (CpuStacks.isGuard(page)) {
        replace(leafSlot(page), Stage1Descriptor.INVALID);
      }
    }
  }

  /** Maps RAM, readable and writable, except page 0. Ends are rounded inwards to pages. */
  @BootOnly
  public static void mapRam(long base, long size) {
    long from = Math.max(Bits.alignUp(base, PAGE), PAGE);
    long to = Bits.alignDown(base + size, PAGE);
    map(from, to, data());
  }

  /** Maps the registers of one of our devices; ends are rounded outwards to pages. */
  @BootOnly
  public static void mapDevice(long base, long size) {
    map(Bits.alignDown(base, PAGE), Bits.alignUp(base + size, PAGE), Stage1Descriptor.device());
  }

  @BootOnly
  private static void mapData(long base, long size) {
    map(Bits.alignDown(base, PAGE), Bits.alignUp(base + size, PAGE), data());
  }

  private static Stage1Descriptor data() {
    return Stage1Descriptor.normal().executeNever();
  }

  private static Stage1Descriptor text() {
    return Stage1Descriptor.normal().readOnly();
  }

  /** Maps [from, to) one to one where nothing is mapped yet, with the largest blocks that fit. */
  @BootOnly
  private static void map(long from, long to, Stage1Descriptor rights) {
    long at = from;
    while (at < to) {
      at = mapOne(at, to, rights);
    }
    Barrier.dsbIshst(); // the walks of this and later CPUs see the new entries
    Barrier.isb();
  }

  /** Maps one block at {@code at}, or skips one that is mapped; returns where it ends. */
  @BootOnly
  private static long mapOne(long at, long to, Stage1Descriptor rights) {
    int level = 1;
    long table = levelOneFor(at);
    while (true) {
      long size = 1L << shift(level);
      long slot = slot(table, at, level);
      Stage1Descriptor entry = new Stage1Descriptor(Memory.load64(slot));
      boolean fits = Bits.isAligned(at, size) && to - at >= size;
      if (entry.isValid() && (level == LAST_LEVEL || !entry.isTable())) {
        return Bits.alignDown(at, size) + size;
      }
      if (!entry.isValid() && fits) {
        Stage1Descriptor leaf = rights.at(at);
        Memory.store64(slot, level == LAST_LEVEL ? leaf.asPage().bits() : leaf.bits());
        return at + size;
      }
      if (!entry.isValid()) {
        entry = Stage1Descriptor.table(physical(newTable()));
        Memory.store64(slot, entry.bits());
      }
      table = linked(entry.address());
      level++;
    }
  }

  @BootOnly
  private static long levelOneFor(long address) {
    if (address >>> shift(0) == 0) {
      return lowest;
    }
    long slot = slot(ImageSymbol.BOOT_TABLES.address(), address, 0);
    Stage1Descriptor entry = new Stage1Descriptor(Memory.load64(slot));
    if (!entry.isValid()) {
      entry = Stage1Descriptor.table(physical(newTable()));
      Memory.store64(slot, entry.bits());
    }
    return linked(entry.address());
  }

  /** Where the level 3 entry of an address of the image is. */
  @BootOnly
  private static long leafSlot(long address) {
    long table = ImageSymbol.BOOT_TABLES.address();
    for (int level = 0; level < LAST_LEVEL; level++) {
      table = linked(new Stage1Descriptor(Memory.load64(slot(table, address, level))).address());
    }
    return slot(table, address, LAST_LEVEL);
  }

  /** Break before make. Arm ARM DDI 0487, "TLB maintenance requirements". */
  @BootOnly
  private static void replace(long slot, Stage1Descriptor entry) {
    Memory.store64(slot, Stage1Descriptor.INVALID.bits());
    Barrier.dsbIsh(); // the invalid entry before the invalidation
    Tlb.alle2();
    Barrier.dsbIsh(); // the invalidation before the new entry
    Barrier.isb();
    Memory.store64(slot, entry.bits());
    Barrier.dsbIsh();
    Barrier.isb();
  }

  @BootOnly
  private static long newTable() {
    if (used == TABLES) {
      throw new BootException(new BootMessage("too many ranges of RAM and devices for EL2's map"));
    }
    long table = ImageSymbol.STAGE1_TABLES.address() + (long) used * PAGE;
    used++;
    Memory.zero(table, PAGE);
    return table;
  }

  private static int shift(int level) {
    return PAGE_SHIFT + INDEX_BITS * (LAST_LEVEL - level);
  }

  private static long slot(long table, long address, int level) {
    long index = Bits.get(address, shift(level) + INDEX_BITS - 1, shift(level));
    return table + index * Long.BYTES;
  }

  /** Physical address of something in the image. */
  public static long physical(long linkAddress) {
    long load = Memory.load64(ImageSymbol.LOAD_ADDRESS.address());
    return linkAddress - ImageSymbol.LINK_BASE + load;
  }

  /** Link address of something in the image. */
  private static long linked(long physicalAddress) {
    long load = Memory.load64(ImageSymbol.LOAD_ADDRESS.address());
    return physicalAddress - load + ImageSymbol.LINK_BASE;
  }
}
