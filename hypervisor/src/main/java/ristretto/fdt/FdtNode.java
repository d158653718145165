package ristretto.fdt;

import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** A node of an {@link Fdt}: its number in the order in which the nodes are written, root 0. */
@Unboxed
public record FdtNode(int index) {
  /** What a search that finds nothing returns. */
  @Inline
  public static FdtNode none() {
    return new FdtNode(-1);
  }

  @Inline
  public boolean exists() {
    return index >= 0;
  }

  @Inline
  public boolean is(FdtNode other) {
    return index == other.index;
  }
}
