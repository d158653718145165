package ristretto.core.mm;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.machine.Barrier;
import ristretto.machine.Cache;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/**
 * Clears memory before a guest gets it (SECURITY rule 13). A guest may look with its caches off, so
 * that zeroes must also have reached the point of coherency.
 */
public final class Scrubber {
  private static final int UNROLLED = 8;

  /** Where each instruction beside the cache's own is one of millions. */
  private static final int UNROLLED_FURTHER = 4 * UNROLLED;

  private Scrubber() {}

  /** Zeroes {@code size} bytes, a multiple of 4096, at a hypervisor address that is one too. */
  public static void zero(long base, long size) {
    long dczid = SysReg.DCZID_EL0.read();
    boolean prohibited = Bits.isSet(dczid, 4); // DZP
    long block = 4L << Bits.get(dczid, 3, 0); // BS: log2 of the words
    if (prohibited || block * UNROLLED > Frames.SIZE) {
      Memory.zero(base, size);
      return;
    }
    long step = block * UNROLLED;
    for (long done = 0; done < size; done += step) {
      long at = base + done;
      Cache.zeroBlock(at);
      Cache.zeroBlock(at + block);
      Cache.zeroBlock(at + block * 2);
      Cache.zeroBlock(at + block * 3);
      Cache.zeroBlock(at + block * 4);
      Cache.zeroBlock(at + block * 5);
      Cache.zeroBlock(at + block * 6);
      Cache.zeroBlock(at + block * 7);
    }
  }

  /** Cleans {@code size} bytes, a multiple of 4096, to the point of coherency. */
  public static void clean(long base, long size) {
    long line = CacheLine.shortest();
    long step = line * UNROLLED;
    if (step > Frames.SIZE) {
      step = line;
    }
    for (long done = 0; done < size; done += step) {
      long at = base + done;
      Cache.clean(at);
      if (step > line) {
        Cache.clean(at + line);
        Cache.clean(at + line * 2);
        Cache.clean(at + line * 3);
        Cache.clean(at + line * 4);
        Cache.clean(at + line * 5);
        Cache.clean(at + line * 6);
        Cache.clean(at + line * 7);
      }
    }
    Barrier.dsbSy(); // before the guest's first access, cached or not
  }

  /** {@link #clean}, and the caches forget what they hold. */
  public static void cleanInvalidate(long base, long size) {
    long line = CacheLine.shortest();
    long step = line * UNROLLED;
    if (step * 2 > Frames.SIZE) {
      for (long done = 0; done < size; done += line) {
        Cache.cleanInvalidate(base + done);
      }
    } else {
      for (long done = 0; done < size; done += step * 2) {
        cleanInvalidateLines(base + done, line);
        cleanInvalidateLines(base + done + step, line);
      }
    }
    Barrier.dsbSy();
  }

  @Inline
  private static void cleanInvalidateLines(long at, long line) {
    Cache.cleanInvalidate(at);
    Cache.cleanInvalidate(at + line);
    Cache.cleanInvalidate(at + line * 2);
    Cache.cleanInvalidate(at + line * 3);
    Cache.cleanInvalidate(at + line * 4);
    Cache.cleanInvalidate(at + line * 5);
    Cache.cleanInvalidate(at + line * 6);
    Cache.cleanInvalidate(at + line * 7);
  }

  /** Zeroes and cleans: what a guest may see. */
  public static void scrub(long base, long size) {
    long dczid = SysReg.DCZID_EL0.read();
    long line = 4L << Bits.get(SysReg.CTR_EL0.read(), 19, 16); // DminLine: log2 of the words
    boolean alike = Bits.get(dczid, 4, 0) == Bits.get(SysReg.CTR_EL0.read(), 19, 16); // DZP is 0
    if (!alike || line * UNROLLED_FURTHER > Frames.SIZE) {
      zero(base, size);
      clean(base, size);
      return;
    }
    // One address for both: a toolstack that builds a domain spends most of its time here.
    long step = line * UNROLLED;
    for (long done = 0; done < size; done += line * UNROLLED_FURTHER) {
      long at = base + done;
      scrubLines(at, line);
      scrubLines(at + step, line);
      scrubLines(at + step * 2, line);
      scrubLines(at + step * 3, line);
    }
    Barrier.dsbSy(); // before the guest's first access, cached or not
  }

  @Inline
  private static void scrubLines(long at, long line) {
    scrubLine(at);
    scrubLine(at + line);
    scrubLine(at + line * 2);
    scrubLine(at + line * 3);
    scrubLine(at + line * 4);
    scrubLine(at + line * 5);
    scrubLine(at + line * 6);
    scrubLine(at + line * 7);
  }

  @Inline
  private static void scrubLine(long at) {
    Cache.zeroBlock(at);
    Cache.clean(at);
  }
}
