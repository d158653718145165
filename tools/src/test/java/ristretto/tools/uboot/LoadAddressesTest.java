package ristretto.tools.uboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.tools.host.ToolException;
import ristretto.tools.uboot.MemoryPlan.Range;

class LoadAddressesTest {
  private static final long MIB = 1 << 20;
  private static final long BASE = 0x8000_0000L;

  /** RAM in two windows, as on Agilex 5: the firmware has the first 32 MiB. */
  private static MemoryPlan plan(long lowMib) {
    return new MemoryPlan()
        .ram(BASE, lowMib * MIB)
        .ram(0x8_8000_0000L, 2048 * MIB)
        .keep("firmware", BASE, 32 * MIB)
        .keep("scripts", BASE + 32 * MIB, MIB);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 37_660_608, 64 * MIB})
  void everythingHasMemoryOfItsOwn(long bytes) {
    MemoryPlan plan = plan(2048);
    Range reach = new Range("reach", BASE + 32 * MIB, 480 * MIB);
    LoadAddresses at = LoadAddresses.in(plan, new LoadAddresses.Sizes(bytes, bytes, bytes), reach);
    assertEquals(Optional.empty(), MemoryPlan.firstOverlap(plan.occupied()));
    assertEquals(5, plan.placed().size());
    for (Range range : plan.placed()) {
      assertEquals(0, range.start() % (2 * MIB));
      assertTrue(range.start() >= BASE + 34 * MIB, range.toString());
    }
    assertTrue(at.ramdisk() >= at.kernel() + bytes);
    assertTrue(at.fabric() + bytes <= reach.end());
  }

  @Test
  void whatDoesNotFitBelowGoesToTheOtherWindow() {
    LoadAddresses at = LoadAddresses.in(plan(128), 90 * MIB, 20 * MIB);
    assertEquals(0x8_8000_0000L, at.kernel());
    assertTrue(at.hypervisor() < BASE + 128 * MIB);
    assertTrue(at.ramdisk() < BASE + 128 * MIB, "a gap is used");
  }

  @Test
  void saysWhatHasNoRoomAndWhatIsInTheWay() {
    ToolException refusal =
        assertThrows(ToolException.class, () -> LoadAddresses.in(plan(2048), 4096 * MIB, 0));
    assertTrue(refusal.toString().contains("no room in RAM for the kernel: 4096 MiB"));
    assertTrue(refusal.toString().contains("firmware (0x80000000 to 0x82000000)"));
  }

  @Test
  void whatIsNotLoadedTakesNoRoom() {
    MemoryPlan plan = plan(2048);
    LoadAddresses.in(plan, MIB, 0);
    assertEquals(3, plan.placed().size());
  }

  /** The published script: 128 MiB of ramdisk from 0x8b000000 on, 16 MiB behind the hypervisor. */
  @Test
  void namesTwoThatOverlap() {
    List<Range> ranges =
        List.of(
            new Range("Image", 0x8300_0000L, 80 * MIB),
            new Range("xen", 0x8a00_0000L, MIB),
            new Range("the tree", 0x8800_0000L, MIB),
            new Range("ramdisk", 0x8780_0000L, MIB));
    assertEquals(
        "Image (0x83000000 to 0x88000000) overlaps ramdisk (0x87800000 to 0x87900000)",
        MemoryPlan.firstOverlap(ranges).orElseThrow().toString());
    assertEquals(Optional.empty(), MemoryPlan.firstOverlap(ranges.subList(0, 3)));
  }

  @Test
  void neverPutsOneOnAnother() {
    Random random = new Random(4);
    for (int round = 0; round < 200; round++) {
      MemoryPlan plan = plan(256 + random.nextInt(1024));
      List<Range> put = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        put.add(plan.place("part " + i, 1 + random.nextInt(100 << 20)));
      }
      assertEquals(Optional.empty(), MemoryPlan.firstOverlap(plan.occupied()));
      assertEquals(put, plan.placed());
    }
  }
}
