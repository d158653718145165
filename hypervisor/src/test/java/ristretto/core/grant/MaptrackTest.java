package ristretto.core.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.Gnttabop.MapFlags;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;

/** Handles, and the frames that they take: as many as are needed, and no more than for a moment. */
class MaptrackTest {
  private static final int PER_FRAME = 256;
  private static final int PER_DIRECTORY = 512;

  /** Frames in one call. */
  private static final int GIVEN_BACK = 64;

  private static final MapFlags FLAGS = new MapFlags(2);

  private interface Body {
    void run(Maptrack maptrack, Domain domain);
  }

  private static void run(Body body) {
    EventMachine m = new EventMachine(1);
    m.machine.run(() -> {
      m.start();
      Domain domain = m.domain(0, true, 1);
      EventMachine.enterCpu(0);
      Maptrack maptrack = domain.grants.maptrack;
      unmap(maptrack, map(maptrack)); // the first frame stays
      body.run(maptrack, domain);
    });
  }

  private static int map(Maptrack maptrack) {
    int handle = maptrack.open();
    if (handle != Maptrack.NONE) {
      maptrack.publish(handle, 7, 1, FLAGS, 0x70000);
    }
    return handle;
  }

  private static void unmap(Maptrack maptrack, int handle) {
    assertTrue(maptrack.take(handle));
    maptrack.release(handle);
    assertFalse(maptrack.take(handle), "once only");
  }

  private static Deque<Integer> map(Maptrack maptrack, int count) {
    Deque<Integer> handles = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      int handle = map(maptrack);
      assertTrue(handle >= 0);
      handles.addLast(handle);
    }
    return handles;
  }

  /** What four DomUs under load made Dom0 need for a while: {@code EnduranceTest}. */
  @Test
  void framesThatAreNotNeededAnyMoreAreGivenBack() {
    run((maptrack, domain) -> {
      long before = domain.memory.overhead();
      Deque<Integer> handles = map(maptrack, 5 * PER_FRAME + 1);
      assertEquals(before + 5, domain.memory.overhead());
      assertEquals(6, maptrack.frames());
      handles.forEach(handle -> unmap(maptrack, handle)); // the oldest first, as queues do
      assertEquals(before, domain.memory.overhead());
      map(maptrack, 5 * PER_FRAME + 1)
          .descendingIterator()
          .forEachRemaining(handle -> unmap(maptrack, handle));
      assertEquals(before, domain.memory.overhead());
    });
  }

  @Test
  void theSecondDirectoryIsGivenBack() {
    run((maptrack, domain) -> {
      long before = domain.memory.overhead();
      Deque<Integer> handles = map(maptrack, PER_DIRECTORY * PER_FRAME + 1);
      assertEquals(before + PER_DIRECTORY + 1, domain.memory.overhead());
      handles.forEach(handle -> unmap(maptrack, handle));
      for (int i = 0; i < PER_DIRECTORY / GIVEN_BACK; i++) {
        unmap(maptrack, map(maptrack));
      }
      assertEquals(before, domain.memory.overhead());
    });
  }

  /** One that comes and goes where a frame ends does not cost a frame each time. */
  @Test
  void anEmptyFrameStaysWhileTheOneBelowIsFull() {
    run((maptrack, domain) -> {
      map(maptrack, PER_FRAME);
      assertEquals(1, maptrack.frames());
      unmap(maptrack, map(maptrack));
      assertEquals(2, maptrack.frames());
    });
  }

  @Test
  void aHandleOfAFrameThatWasGivenBackNamesNothing() {
    run((maptrack, domain) -> {
      Deque<Integer> handles = map(maptrack, 2 * PER_FRAME);
      int last = handles.getLast();
      handles.forEach(handle -> unmap(maptrack, handle));
      assertEquals(1, maptrack.frames());
      assertFalse(maptrack.take(last));
      assertNotEquals(last, map(maptrack, 2 * PER_FRAME).getLast());
      assertFalse(maptrack.take(last));
    });
  }

  @Test
  void theLimitHolds() {
    run((maptrack, domain) -> {
      maptrack.setLimit(2);
      Deque<Integer> handles = map(maptrack, 2 * PER_FRAME);
      assertEquals(Maptrack.NONE, map(maptrack));
      unmap(maptrack, handles.removeFirst());
      assertTrue(map(maptrack) >= 0);
      assertEquals(Maptrack.NONE, map(maptrack));
    });
  }

  @Test
  void theEndTakesAllFrames() {
    run((maptrack, domain) -> {
      long before = domain.memory.overhead();
      map(maptrack, 3 * PER_FRAME);
      while (!maptrack.teardown(100)) {}
      assertEquals(before - 2, domain.memory.overhead(), "the first frame and its directory, too");
      assertEquals(Maptrack.NONE, maptrack.open());
    });
  }

  /** In any order: no handle twice, and all frames but one back in the end. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyOrder(long seed) {
    run((maptrack, domain) -> {
      long before = domain.memory.overhead();
      Random random = new Random(seed);
      List<Integer> handles = new ArrayList<>();
      for (int i = 0; i < 6000; i++) {
        boolean more = random.nextInt(10) < (i / 1000 % 2 == 0 ? 8 : 2);
        if (more || handles.isEmpty()) {
          int handle = map(maptrack);
          assertFalse(handles.contains(handle));
          handles.add(handle);
        } else {
          unmap(maptrack, handles.remove(/* index */ random.nextInt(handles.size())));
        }
      }
      handles.forEach(handle -> unmap(maptrack, handle));
      assertEquals(before, domain.memory.overhead());
    });
  }
}
