package ristretto.core.time;

import static org.junit.jupiter.api.Assertions.assertFalse;

/** What holds of every member of a heap. */
public final class HeapChecks {
  private HeapChecks() {}

  /** Whoever is above {@code member} does not come after it. */
  public static void assertInOrder(Ordered member) {
    Ordered parent = member.parent;
    if (parent != null) {
      assertFalse(Heap.isBefore(member, parent), () -> "behind by " + (parent.key - member.key));
    }
  }
}
