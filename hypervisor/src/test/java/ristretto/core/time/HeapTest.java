package ristretto.core.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heap against {@link PriorityQueue}, its links, and its depth. */
class HeapTest {
  /** Keys go up to the largest number and beyond: they wrap around. */
  private static final long BASE = Long.MAX_VALUE - 500;

  private static final Comparator<Ordered> BY_KEY =
      Comparator.comparingLong(member -> member.key - BASE);

  private final PriorityQueue<Ordered> in = new PriorityQueue<>(BY_KEY);
  private final List<Ordered> out = new ArrayList<>();
  private @Nullable Ordered top;

  private static final class Member extends Ordered {}

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 128, 512})
  void theLeastIsOnTop(int count) {
    Random random = new Random(count);
    for (int i = 0; i < count; i++) {
      out.add(new Member());
    }
    for (int step = 0; step < 5000; step++) {
      int choice = random.nextInt(3);
      if (choice == 0 && !in.isEmpty()) {
        remove(List.copyOf(in).get(random.nextInt(in.size())));
      } else if (choice == 1 && top != null) {
        remove(top);
      } else if (!out.isEmpty()) {
        add(out.remove(random.nextInt(out.size())), BASE + random.nextInt(1000));
      }
      check();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 2000})
  void allComeOutInOrder(int count) {
    Random random = new Random(count);
    for (int i = 0; i < count; i++) {
      add(new Member(), BASE + random.nextInt(1000));
    }
    for (Ordered next = in.peek(); next != null; next = in.peek()) {
      Ordered first = Objects.requireNonNull(top);
      assertEquals(next.key, first.key);
      remove(first);
    }
    assertNull(top);
  }

  private void add(Ordered member, long key) {
    member.key = key;
    top = Heap.add(top, member);
    in.add(member);
  }

  private void remove(Ordered member) {
    assertTrue(in.remove(member));
    top = Heap.remove(Objects.requireNonNull(top), member);
    assertNull(member.parent);
    out.add(member);
  }

  private void check() {
    Ordered least = in.peek();
    if (least == null) {
      assertNull(top);
      return;
    }
    Ordered first = Objects.requireNonNull(top);
    assertNull(first.parent);
    assertEquals(least.key, first.key);
    int way = 0;
    for (Ordered at = top; at != null; at = at.right) {
      way++;
    }
    assertTrue(way <= 32 - Integer.numberOfLeadingZeros(in.size()), way + " of " + in.size());
    for (Ordered member : in) {
      Ordered parent = member.parent;
      if (parent != null) {
        assertTrue(parent.left == member || parent.right == member);
        assertTrue(!Heap.isBefore(member, parent));
      } else {
        assertSame(top, member);
      }
    }
  }
}
