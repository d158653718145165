package ristretto.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClockTest {
  private final Clock clock = new Clock();
  private final List<String> happened = new ArrayList<>();

  @Test
  void whatHappensOnceIsForgotten() {
    Clock.Alarm kept = clock.alarm(() -> happened.add("again"));
    for (int key = 0; key < 100; key++) {
      clock.after(10 + key, () -> happened.add("key"));
    }
    assertEquals(101, clock.alarms());
    clock.advance(9);
    assertEquals(List.of(), happened);
    clock.advance(50);
    assertEquals(50, happened.size());
    assertEquals(51, clock.alarms());
    clock.advance(50);
    assertEquals(100, happened.size());
    assertEquals(1, clock.alarms());
    kept.set(200);
    assertTrue(clock.skipToNextAlarm());
    assertEquals("again", happened.getLast());
    assertFalse(clock.skipToNextAlarm());
    assertEquals(1, clock.alarms());
  }

  /** A key that is pressed because of another. */
  @Test
  void oneMayBringTheNext() {
    clock.after(1, () -> clock.after(1, () -> happened.add("second")));
    clock.advance(1);
    assertEquals(1, clock.alarms());
    assertTrue(clock.skipToNextAlarm());
    assertEquals(List.of("second"), happened);
    assertEquals(2, clock.now());
    assertEquals(0, clock.alarms());
  }
}
