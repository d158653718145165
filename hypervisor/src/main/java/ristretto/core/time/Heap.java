package ristretto.core.time;

import org.jspecify.annotations.Nullable;
import ristretto.lang.Inline;

/**
 * Leftist heaps, the least key on top: Knuth, "The Art of Computer Programming", volume 3, section
 * 5.2.3. The links are in the members, so that any number of heaps needs no memory, and each
 * operation is O(log n) also in the worst case: the way along right links, which all operations
 * take, is never longer than that.
 */
public final class Heap {
  private Heap() {}

  /** {@code one} comes before {@code other}. */
  public static boolean isBefore(Ordered one, Ordered other) {
    return one.key - other.key < 0;
  }

  /** Adds a member that is in no heap. Returns the new top. */
  public static Ordered add(@Nullable Ordered top, Ordered member) {
    member.rank = 1;
    return top == null ? member : merge(top, member);
  }

  /** Takes {@code member} out of the heap of {@code top}. Returns the new top. */
  public static @Nullable Ordered remove(Ordered top, Ordered member) {
    Ordered rest = merged(cutOff(member.left), cutOff(member.right));
    Ordered parent = member.parent;
    member.left = null;
    member.right = null;
    member.parent = null;
    if (parent == null) {
      return rest;
    }
    if (rest != null) {
      rest.parent = parent;
    }
    if (parent.left == member) {
      parent.left = rest;
    } else {
      parent.right = rest;
    }
    correct(parent);
    return top;
  }

  private static @Nullable Ordered cutOff(@Nullable Ordered child) {
    if (child != null) {
      child.parent = null;
    }
    return child;
  }

  private static @Nullable Ordered merged(@Nullable Ordered one, @Nullable Ordered other) {
    if (one == null) {
      return other;
    }
    return other == null ? one : merge(one, other);
  }

  /** Two heaps become one: their right ways are merged in order, downwards. */
  private static Ordered merge(Ordered first, Ordered second) {
    boolean inOrder = !isBefore(second, first);
    Ordered top = inOrder ? first : second;
    Ordered rest = inOrder ? second : first;
    Ordered at = top;
    for (Ordered next = at.right; next != null; next = at.right) {
      if (isBefore(rest, next)) {
        hang(at, rest);
        at = rest;
        rest = next;
      } else {
        at = next;
      }
    }
    hang(at, rest);
    for (Ordered above = at; above != null; above = above.parent) {
      settle(above);
    }
    return top;
  }

  private static void hang(Ordered parent, Ordered child) {
    parent.right = child;
    child.parent = parent;
  }

  /** Below {@code member} something has gone: ranks are right again, up to where they were. */
  private static void correct(Ordered member) {
    Ordered at = member;
    while (at != null && settle(at)) {
      at = at.parent;
    }
  }

  /**
   * The child with the longer right way is the left one; the rank is one more than the other's.
   *
   * @return whether the rank has changed
   */
  @Inline
  private static boolean settle(Ordered member) {
    Ordered left = member.left;
    Ordered right = member.right;
    int leftRank = left == null ? 0 : left.rank;
    int rightRank = right == null ? 0 : right.rank;
    if (leftRank < rightRank) {
      member.left = right;
      member.right = left;
    }
    int rank = Math.min(leftRank, rightRank) + 1;
    boolean changes = member.rank != rank;
    member.rank = rank;
    return changes;
  }
}
