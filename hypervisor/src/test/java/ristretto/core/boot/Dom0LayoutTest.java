package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import ristretto.fdt.FdtNode;
import ristretto.lang.BootException;

class Dom0LayoutTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  /** A kernel of {@code size} bytes in a file of the same size. */
  private static KernelImage kernel(long base, long size, boolean mayStay, long fixed) {
    return new KernelImage(new BootModule(BootModule.Kind.KERNEL, new FdtNode(0), base, size)) {
      @Override
      long size() {
        return size;
      }

      @Override
      long placeToStay() {
        return mayStay && base % ALIGNMENT == 0 ? base : -1;
      }

      @Override
      long fixedBase() {
        return fixed;
      }

      @Override
      void load(long where) {}

      @Override
      long entry(long where) {
        return where;
      }
    };
  }

  private static BootModule ramdisk(long base, long size) {
    return new BootModule(BootModule.Kind.RAMDISK, new FdtNode(0), base, size);
  }

  private static RangeList ranges(long... baseAndSize) {
    RangeList list = new RangeList();
    for (int i = 0; i < baseAndSize.length; i += 2) {
      list.add(baseAndSize[i], baseAndSize[i + 1]);
    }
    return list;
  }

  @Test
  void leavesModulesWhereQemuPutsThem() {
    RangeList ram = ranges(0x4040_0000L, 0x7c0_0000L, 0x4810_0000L, 4 * GIB - 0x810_0000L);
    Dom0Layout layout =
        new Dom0Layout(
            ram,
            kernel(0x4a00_0000L, 36 * MIB, true, -1),
            ramdisk(0x5000_0000L, 48 * MIB),
            GIB,
            64 << 10);
    assertTrue(layout.kernelStays);
    assertTrue(layout.ramdiskStays);
    assertEquals(1, layout.banks.count());
    assertEquals(0x4a00_0000L, layout.banks.base(0));
    assertEquals(GIB, layout.banks.total());
    assertTrue(layout.banks.contains(layout.deviceTreeBase, 64 << 10));
  }

  @Test
  void usesTheLowBankOfAgilex5First() {
    RangeList ram =
        ranges(
            0x8200_0000L,
            0x600_0000L,
            0x8820_0000L,
            0x1e0_0000L,
            0x8a40_0000L,
            0x75c0_0000L,
            0x8_8000_0000L,
            6 * GIB);
    Dom0Layout layout =
        new Dom0Layout(
            ram,
            kernel(0x8400_0000L, 36 * MIB, true, -1),
            ramdisk(0x8b00_0000L, 128 * MIB),
            2 * GIB,
            64 << 10);
    assertTrue(layout.kernelStays);
    assertTrue(layout.ramdiskStays);
    assertEquals(2 * GIB, layout.banks.total());
    assertEquals(4, layout.banks.count());
    assertEquals(0x8_8000_0000L, layout.banks.base(3));
  }

  @Test
  void movesAKernelThatIsNotAligned() {
    RangeList ram = ranges(0x4000_0000L, GIB);
    Dom0Layout layout =
        new Dom0Layout(
            ram,
            kernel(0x4a08_0000L, 36 * MIB, true, -1),
            ramdisk(0x5000_0000L, 48 * MIB),
            512 * MIB,
            64 << 10);
    assertFalse(layout.kernelStays);
    assertTrue(layout.ramdiskStays);
    assertEquals(0, layout.kernelBase % (2 * MIB));
    assertTrue(layout.banks.contains(layout.kernelBase, 36 * MIB));
  }

  @Test
  void movesARamdiskThatDoesNotFit() {
    RangeList ram = ranges(0x4000_0000L, GIB, 0x1_0000_0000L, GIB);
    Dom0Layout layout =
        new Dom0Layout(
            ram,
            kernel(0x4a00_0000L, 36 * MIB, true, -1),
            ramdisk(0x1_1000_0000L, 48 * MIB),
            256 * MIB,
            64 << 10);
    assertTrue(layout.kernelStays);
    assertFalse(layout.ramdiskStays);
    assertTrue(layout.banks.contains(layout.ramdiskBase, 48 * MIB));
  }

  @Test
  void putsAnElfFileWhereItWantsToBe() {
    RangeList ram = ranges(0x4000_0000L, GIB);
    Dom0Layout layout =
        new Dom0Layout(ram, kernel(0x5000_0000L, MIB, false, 0x6000_0000L), null, 64 * MIB, 4096);
    assertEquals(0x6000_0000L, layout.kernelBase);
  }

  @Test
  void saysWhatIsImpossible() {
    RangeList ram = ranges(0x4000_0000L, 256 * MIB);
    KernelImage kernel = kernel(0x4a00_0000L, 36 * MIB, true, -1);
    refused(ram, kernel, null, GIB, "dom0_mem=1024M: this machine has 239 MiB for Dom0");
    refused(ram, kernel, null, 256 * MIB, "dom0_mem=256M: this machine has 239 MiB for Dom0");
    refused(
        ram,
        kernel,
        null,
        16 * MIB,
        "Dom0's kernel needs 36864 KiB in one piece, and dom0_mem=16M has no room for it");
    refused(
        ram,
        kernel,
        ramdisk(0x4000_0000L, 48 * MIB),
        64 * MIB,
        "Dom0's ramdisk needs 49152 KiB in one piece, and dom0_mem=64M has no room for it");
  }

  private static void refused(
      RangeList ram, KernelImage kernel, @Nullable BootModule ramdisk, long size, String reason) {
    BootException e =
        assertThrows(BootException.class, () -> new Dom0Layout(ram, kernel, ramdisk, size, 4096));
    assertEquals(reason, e.getMessage());
  }

  /** Whatever the machine: nothing overlaps, everything is inside, or there is a reason. */
  @Test
  void keepsItsPromisesOnAnyMachine() {
    long seed = Long.getLong("ristretto.seed", 11);
    Random random = new Random(seed);
    int built = 0;
    for (int round = 0; round < 5000; round++) {
      RangeList ram = new RangeList();
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        ram.add(random.nextLong(1L << 21) << 12, 1 + random.nextLong(600 * MIB));
      }
      KernelImage kernel =
          kernel(inside(ram, random), 1 + random.nextLong(60 * MIB), random.nextBoolean(), -1);
      BootModule ramdisk =
          random.nextBoolean() ? null : ramdisk(inside(ram, random), random.nextLong(80 * MIB) + 1);
      if (ramdisk != null && overlap(kernel.module, ramdisk)) {
        continue;
      }
      ram.add(kernel.module.base, kernel.module.size);
      if (ramdisk != null) {
        ram.add(ramdisk.base, ramdisk.size);
      }
      try {
        check(
            ram,
            new Dom0Layout(ram, kernel, ramdisk, (1 + random.nextInt(1500)) * MIB, 65536),
            kernel,
            ramdisk);
        built++;
      } catch (BootException e) {
        assertFalse(e.getMessage().isEmpty());
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + " round " + round, e);
      }
    }
    assertTrue(built > 1000, "built " + built);
  }

  private static long inside(RangeList ram, Random random) {
    int bank = random.nextInt(ram.count());
    long at = ram.base(bank) + random.nextLong(ram.size(bank));
    return random.nextBoolean() ? at & -0x20_0000L : at;
  }

  private static boolean overlap(BootModule a, BootModule b) {
    return a.base < b.base + b.size && b.base < a.base + a.size;
  }

  private static void check(
      RangeList ram, Dom0Layout layout, KernelImage kernel, @Nullable BootModule ramdisk) {
    assertEquals(layout.size, layout.banks.total());
    RangeList taken = new RangeList();
    for (int i = 0; i < layout.banks.count(); i++) {
      assertTrue(ram.contains(layout.banks.base(i), layout.banks.size(i)));
      assertEquals(0, layout.banks.base(i) % Dom0Layout.BLOCK);
    }
    assertEquals(0, layout.kernelBase % Dom0Layout.BLOCK);
    claim(taken, layout, layout.kernelBase, kernel.size());
    if (!layout.kernelStays) {
      assertFalse(taken.overlaps(kernel.module.base, kernel.module.size));
    }
    if (ramdisk != null) {
      claim(taken, layout, layout.ramdiskBase, ramdisk.size);
    }
    claim(taken, layout, layout.deviceTreeBase, 65536);
  }

  private static void claim(RangeList taken, Dom0Layout layout, long base, long size) {
    assertTrue(layout.banks.contains(base, size));
    assertFalse(taken.overlaps(base, size));
    taken.add(base, size);
  }
}
