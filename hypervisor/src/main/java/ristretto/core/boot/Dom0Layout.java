package ristretto.core.boot;

import org.jspecify.annotations.Nullable;
import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * Which RAM becomes Dom0's, and where in it kernel, ramdisk and device tree are. Dom0's memory is
 * mapped 1:1, in few large banks of 2 MiB blocks, the first below 4 GiB if possible. Modules stay
 * where the loader put them whenever Dom0 can own that place: moving them is half of what booting
 * costs, and docs/bars.md allows a tenth of what Xen takes.
 */
public final class Dom0Layout {
  /** What stage 2 maps in one entry, and Linux its kernel in. */
  static final long BLOCK = 2 << 20;

  private static final long FOUR_GIB = 1L << 32;

  /** What is left for the hypervisor, at least: its objects, and its frame table. */
  static final long HYPERVISOR_SHARE = 16 << 20;

  /** Bytes of RAM for which the frame table has one. */
  private static final int FRAME_TABLE_SHARE = 512;

  /** Dom0's RAM; multiples of {@link #BLOCK}. */
  public final RangeList banks = new RangeList();

  /** Bytes of Dom0's RAM. */
  public final long size;

  /** Where the kernel is to be. */
  public final long kernelBase;

  public final boolean kernelStays;

  /** Where the ramdisk is to be; 0 if there is none. */
  public final long ramdiskBase;

  public final boolean ramdiskStays;

  /** Where the device tree is to be. */
  public final long deviceTreeBase;

  private final KernelImage kernel;
  private final @Nullable BootModule ramdisk;

  /** Blocks that nobody has taken yet. */
  private final RangeList free;

  /** What must not be written to in Dom0's memory: final places, and files still to be moved. */
  private final RangeList occupied = new RangeList();

  /**
   * @param available RAM that Dom0 may own, with the places of the modules
   * @param wanted bytes of Dom0's RAM
   * @param deviceTreeSize room for its device tree
   * @throws BootException if it does not fit
   */
  @BootOnly
  Dom0Layout(
      RangeList available,
      KernelImage kernel,
      @Nullable BootModule ramdisk,
      long wanted,
      long deviceTreeSize) {
    this.kernel = kernel;
    this.ramdisk = ramdisk;
    this.size = Bits.alignUp(wanted, BLOCK);
    this.free = available.alignedInwards(BLOCK);
    long possible = available.total() - available.total() / FRAME_TABLE_SHARE - HYPERVISOR_SHARE;
    if (!RangeList.isPossible(wanted, BLOCK) || size > possible) {
      throw tooLarge(possible);
    }
    this.kernelStays = kernelCanStay();
    chooseBanks();
    occupied.add(kernel.module.base, kernel.module.size);
    if (ramdisk != null) {
      occupied.add(ramdisk.base, ramdisk.size);
    }
    this.kernelBase = kernelStays ? kernel.placeToStay() : kernelPlace();
    occupied.add(kernelBase, kernel.size());
    this.ramdiskStays = ramdisk != null && ramdiskCanStay(ramdisk);
    this.ramdiskBase =
        ramdisk == null ? 0 : ramdiskStays ? ramdisk.base : place(ramdisk.size, "ramdisk");
    if (ramdisk != null) {
      occupied.add(ramdiskBase, ramdisk.size);
    }
    this.deviceTreeBase = place(deviceTreeSize, "device tree");
  }

  private boolean kernelCanStay() {
    long base = kernel.placeToStay();
    return base >= 0
        && kernel.size() <= size
        && free.contains(base, Bits.alignUp(kernel.size(), BLOCK))
        && (ramdisk == null
            || base >= ramdisk.base + ramdisk.size
            || ramdisk.base >= base + kernel.size());
  }

  /** The ramdisk is Dom0's already, and the kernel's place leaves it alone. */
  private boolean ramdiskCanStay(BootModule module) {
    return banks.contains(module.base, module.size)
        && (module.base >= kernelBase + kernel.size() || kernelBase >= module.base + module.size);
  }

  @BootOnly
  private void chooseBanks() {
    long remaining = size;
    int main = mainBlock();
    if (main >= 0) {
      remaining -= take(main, Math.min(remaining, free.size(main)));
    }
    while (remaining > 0) {
      int next = bestBlock(remaining);
      if (next < 0) {
        throw tooLarge(size - remaining);
      }
      remaining -= take(next, Math.min(remaining, free.size(next)));
    }
  }

  /** The block of the kernel if that stays, or has to be in one place; otherwise -1. */
  private int mainBlock() {
    if (kernelStays) {
      return free.find(kernel.placeToStay());
    }
    return kernel.fixedBase() >= 0 ? free.find(kernel.fixedBase()) : -1;
  }

  /**
   * Where to take the rest of Dom0's memory: below 4 GiB first, for devices that reach no further;
   * the smallest block that has all that is needed, or else the largest.
   */
  private int bestBlock(long needed) {
    int best = -1;
    for (int i = 0; i < free.count(); i++) {
      if (best < 0 || isBetter(i, best, needed)) {
        best = i;
      }
    }
    return best;
  }

  private boolean isBetter(int candidate, int best, long needed) {
    boolean low = free.base(candidate) < FOUR_GIB;
    if (low != free.base(best) < FOUR_GIB) {
      return low;
    }
    boolean fits = free.size(candidate) >= needed;
    if (fits != free.size(best) >= needed) {
      return fits;
    }
    return fits ? free.size(candidate) < free.size(best) : free.size(candidate) > free.size(best);
  }

  /** Takes {@code bytes} of a block, where they cover the modules in it as far as they can. */
  @BootOnly
  private long take(int block, long bytes) {
    long blockBase = free.base(block);
    long blockEnd = free.end(block);
    long start = blockEnd;
    if (kernelStays && free.find(kernel.placeToStay()) == block) {
      start = kernel.placeToStay();
    } else if (kernel.fixedBase() >= 0 && free.find(kernel.fixedBase()) == block) {
      start = kernel.fixedBase();
    }
    if (ramdisk != null && free.find(ramdisk.base) == block) {
      long low = Bits.alignDown(Math.min(start, ramdisk.base), BLOCK);
      long high =
          Math.max(start == blockEnd ? 0 : start + kernel.size(), ramdisk.base + ramdisk.size);
      start = high - low <= bytes ? low : start == blockEnd ? low : start;
    }
    start = start == blockEnd ? blockBase : Bits.alignDown(start, BLOCK);
    start = Math.max(blockBase, Math.min(start, blockEnd - bytes));
    banks.add(start, bytes);
    free.remove(start, bytes);
    return bytes;
  }

  /** Where the kernel goes if it moves. */
  @BootOnly
  private long kernelPlace() {
    long fixed = kernel.fixedBase();
    return fixed >= 0
            && banks.contains(fixed, kernel.size())
            && !occupied.overlaps(fixed, kernel.size())
        ? fixed
        : place(kernel.size(), "kernel");
  }

  /** The lowest place in one bank, at a multiple of {@link #BLOCK}, that is not occupied. */
  @BootOnly
  private long place(long bytes, String what) {
    for (int i = 0; i < banks.count(); i++) {
      long at = banks.base(i);
      while (bytes <= banks.end(i) - at) {
        int obstacle = obstacle(at, bytes);
        if (obstacle < 0) {
          return at;
        }
        at = Bits.alignUp(occupied.end(obstacle), BLOCK);
      }
    }
    throw new BootException(
        new BootMessage("Dom0's ")
            .text(what)
            .text(" needs ")
            .dec(bytes >> 10)
            .text(" KiB in one piece, and dom0_mem=")
            .dec(size >> 20)
            .text("M has no room for it"));
  }

  private int obstacle(long base, long bytes) {
    for (int i = 0; i < occupied.count(); i++) {
      if (base < occupied.end(i) && occupied.base(i) < base + bytes) {
        return i;
      }
    }
    return -1;
  }

  @BootOnly
  private BootException tooLarge(long possible) {
    return new BootException(
        new BootMessage("dom0_mem=")
            .dec(size >> 20)
            .text("M: this machine has ")
            .dec(Math.max(0, possible) >> 20)
            .text(" MiB for Dom0"));
  }
}
