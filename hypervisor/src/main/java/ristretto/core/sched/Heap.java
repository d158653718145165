package ristretto.core.sched;

import org.jspecify.annotations.Nullable;

/**
 * Leftist heaps of {@link Candidate}s, the least key on top: Knuth, "The Art of Computer
 * Programming", volume 3, section 5.2.3. The links are in the candidates, so that any number of
 * heaps needs no memory, and each operation is O(log n) also in the worst case: the way along right
 * links, which all operations take, is never longer than that.
 */
final class Heap {
  private Heap() {}

  /** {@code one} comes before {@code other}. */
  static boolean isBefore(Candidate one, Candidate other) {
    return one.key - other.key < 0;
  }

  /** Adds a candidate that is in no heap. Returns the new top. */
  static Candidate add(@Nullable Candidate top, Candidate candidate) {
    candidate.rank = 1;
    return top == null ? candidate : merge(top, candidate);
  }

  /** Takes {@code candidate} out of the heap of {@code top}. Returns the new top. */
  static @Nullable Candidate remove(Candidate top, Candidate candidate) {
    Candidate rest = merged(cutOff(candidate.left), cutOff(candidate.right));
    Candidate parent = candidate.parent;
    candidate.left = null;
    candidate.right = null;
    candidate.parent = null;
    if (parent == null) {
      return rest;
    }
    if (rest != null) {
      rest.parent = parent;
    }
    if (parent.left == candidate) {
      parent.left = rest;
    } else {
      parent.right = rest;
    }
    correct(parent);
    return top;
  }

  private static @Nullable Candidate cutOff(@Nullable Candidate child) {
    if (child != null) {
      child.parent = null;
    }
    return child;
  }

  private static @Nullable Candidate merged(@Nullable Candidate one, @Nullable Candidate other) {
    if (one == null) {
      return other;
    }
    return other == null ? one : merge(one, other);
  }

  /** Two heaps become one: their right ways are merged in order, downwards. */
  private static Candidate merge(Candidate first, Candidate second) {
    boolean inOrder = !isBefore(second, first);
    Candidate top = inOrder ? first : second;
    Candidate rest = inOrder ? second : first;
    Candidate at = top;
    for (Candidate next = at.right; next != null; next = at.right) {
      if (isBefore(rest, next)) {
        hang(at, rest);
        at = rest;
        rest = next;
      } else {
        at = next;
      }
    }
    hang(at, rest);
    for (Candidate above = at; above != null; above = above.parent) {
      settle(above);
    }
    return top;
  }

  private static void hang(Candidate parent, Candidate child) {
    parent.right = child;
    child.parent = parent;
  }

  /** Below {@code candidate} something has gone: ranks are right again, up to where they were. */
  private static void correct(Candidate candidate) {
    Candidate at = candidate;
    while (at != null && settle(at)) {
      at = at.parent;
    }
  }

  /**
   * The child with the longer right way is the left one; the rank is one more than the other's.
   *
   * @return whether the rank has changed
   */
  private static boolean settle(Candidate candidate) {
    Candidate left = candidate.left;
    Candidate right = candidate.right;
    int leftRank = left == null ? 0 : left.rank;
    int rightRank = right == null ? 0 : right.rank;
    if (leftRank < rightRank) {
      candidate.left = right;
      candidate.right = left;
    }
    int rank = Math.min(leftRank, rightRank) + 1;
    boolean changes = candidate.rank != rank;
    candidate.rank = rank;
    return changes;
  }
}
