package ristretto.core.boot;

import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootOnly;

/**
 * Places in Dom0's physical address space that hold nothing, for pages of others to appear in: the
 * grant table, and what Linux calls unpopulated memory. They are where the machine has RAM that is
 * not Dom0's, as with Xen: no device is there, now or later. xen,
 * docs/misc/arm/device-tree/guest.txt, "reg".
 */
final class Dom0Regions {
  /** A smaller region is not worth telling Linux about. */
  private static final long SMALLEST = 64 << 20;

  /** Linux reads as many as there are; a property has to have an end. */
  private static final int MOST = 32;

  /** Where the grant table may be mapped. */
  final long grantBase;

  final long grantSize;

  /** Where foreign pages may be mapped; multiples of 2 MiB. */
  final RangeList extended = new RangeList();

  @BootOnly
  Dom0Regions(BootInfo info, RangeList banks) {
    grantSize = (long) info.commandLine.grantFrames() << 12;
    RangeList unused = info.memory.ram.alignedOutwards(Dom0Layout.BLOCK);
    unused.removeAll(info.memory.reserved.alignedOutwards(Dom0Layout.BLOCK));
    unused.removeAll(banks);
    int first = 0;
    while (first < unused.count() && unused.size(first) < grantSize) {
      first++;
    }
    if (first == unused.count()) {
      throw new BootException("Dom0 has all memory: no room is left for its grant table");
    }
    grantBase = unused.base(first);
    if (info.commandLine.extendedRegions()) {
      unused.remove(grantBase, Bits.alignUp(grantSize, Dom0Layout.BLOCK));
      for (int i = 0; i < unused.count() && extended.count() < MOST; i++) {
        if (unused.size(i) >= SMALLEST) {
          extended.add(unused.base(i), unused.size(i));
        }
      }
    }
  }
}
