package ristretto.core.time;

import org.jspecify.annotations.Nullable;

/** What can be in a {@link Heap}, in one at a time. Guarded by the lock that guards the heap. */
public abstract class Ordered {
  /** The least comes first; differences count, so that a key may wrap around. */
  public long key;

  // Its place in the heap.
  @Nullable Ordered left;
  @Nullable Ordered right;
  @Nullable Ordered parent;
  int rank;
}
