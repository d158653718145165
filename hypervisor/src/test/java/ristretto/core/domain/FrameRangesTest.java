package ristretto.core.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameRangesTest {
  private final FrameRanges frames = new FrameRanges(16);

  @Test
  void framesComeAndGoLikeBits() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < 50; run++) {
      BitSet model = new BitSet();
      frames.clear();
      for (int step = 0; step < 100; step++) {
        int first = random.nextInt(100);
        int count = 1 + random.nextInt(20);
        if (random.nextBoolean()) {
          if (frames.add(first, count)) {
            model.set(first, first + count);
          }
        } else if (frames.remove(first, count)) {
          model.clear(first, first + count);
        }
        for (int frame = 0; frame < 130; frame++) {
          assertEquals(model.get(frame), frames.contains(frame, 1), "seed " + seed);
        }
      }
    }
  }

  @Test
  void rangesThatTouchAreOne() {
    frames.add(10, 5);
    frames.add(20, 5);
    frames.add(15, 5);
    assertTrue(frames.contains(10, 15));
    assertFalse(frames.contains(9, 2));
    assertFalse(frames.contains(24, 2));
    for (long odd : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertFalse(frames.contains(10, odd), "no frames, or more than there are");
      assertFalse(frames.contains(odd, 1));
    }
  }

  @Test
  void roomEnds() {
    for (int i = 0; i < 16; i++) {
      assertTrue(frames.add(i * 10L, 3));
    }
    assertFalse(frames.add(1000, 1));
    assertTrue(frames.add(0, 3), "had already");
    assertFalse(frames.remove(1, 1), "would make two of one");
    assertTrue(frames.contains(1, 1));
    frames.clear();
    assertFalse(frames.contains(1, 1));
  }

  @Test
  void onlyPublishedDevicesMayBeGiven() {
    MachineDevices.clear();
    MachineDevices.add(0x9010, 1);
    MachineDevices.add(0x9000, 16);
    MachineDevices.addInterrupt(34);
    assertTrue(MachineDevices.mayGive(0x9000, 17));
    assertFalse(MachineDevices.mayGive(0x9000, 18));
    assertFalse(MachineDevices.mayGive(0x8fff, 2));
    for (long odd : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertFalse(MachineDevices.mayGive(odd, 1));
      assertFalse(MachineDevices.mayGive(0x9000, odd));
      assertFalse(MachineDevices.mayGiveInterrupt((int) odd));
    }
    assertFalse(MachineDevices.mayGive(0x9000, 0));
    assertTrue(MachineDevices.mayGiveInterrupt(34));
    assertFalse(MachineDevices.mayGiveInterrupt(1024));
  }
}
