package ristretto.fdt;

import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** A property of an {@link Fdt}: the offset of its FDT_PROP token from the start of the tree. */
@Unboxed
public record FdtProperty(int offset) {
  /** What a search that finds nothing returns. */
  @Inline
  public static FdtProperty none() {
    return new FdtProperty(-1);
  }

  @Inline
  public boolean exists() {
    return offset >= 0;
  }
}
