package ristretto.core.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.vdev.MmioDevice;

class MmioMapTest {
  private static final long DISTRIBUTOR = 0x800_0000;

  private final MmioMap map = new MmioMap();
  private final MmioDevice first = new Nothing();
  private final MmioDevice second = new Nothing();

  @Test
  void findsTheDeviceThatHoldsTheWholeAccess() {
    assertTrue(map.add(DISTRIBUTOR, 0x1_0000, first));
    assertTrue(map.add(DISTRIBUTOR + 0x1_0000, 0x1000, second));
    int slot = map.find(DISTRIBUTOR + 0xfffc, 4);
    assertSame(first, map.device(slot));
    assertEquals(0xfffc, map.offset(slot, DISTRIBUTOR + 0xfffc));
    assertSame(second, map.device(map.find(DISTRIBUTOR + 0x1_0000, 8)));
  }

  @Test
  void findsNothingOutsideOrAcrossTheEnd() {
    assertTrue(map.add(DISTRIBUTOR, 0x1000, first));
    assertEquals(-1, map.find(DISTRIBUTOR - 1, 1));
    assertEquals(-1, map.find(DISTRIBUTOR + 0x1000, 1));
    assertEquals(-1, map.find(DISTRIBUTOR + 0xffd, 4));
    assertEquals(-1, map.find(-1L, 8));
  }

  @Test
  void refusesOverlapsAndMoreThanItHolds() {
    assertTrue(map.add(DISTRIBUTOR, 0x1000, first));
    assertFalse(map.add(DISTRIBUTOR + 0xfff, 0x1000, second));
    assertFalse(map.add(DISTRIBUTOR - 0xfff, 0x1000, second));
    assertFalse(map.add(DISTRIBUTOR - 0x1000, 0x4000, second));
    for (int i = 1; i < 16; i++) {
      assertTrue(map.add(DISTRIBUTOR + i * 0x1000L, 0x1000, second));
    }
    assertFalse(map.add(DISTRIBUTOR + 0x10_0000, 0x1000, second));
  }

  private static final class Nothing implements MmioDevice {
    @Override
    public long read(int offset, int size) {
      return 0;
    }

    @Override
    public void write(int offset, int size, long value) {}
  }
}
