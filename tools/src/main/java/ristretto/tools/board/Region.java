package ristretto.tools.board;

/**
 * A range of physical addresses.
 *
 * @param base its first address
 * @param size in bytes
 */
public record Region(long base, long size) {
  /** What stage 2 can map at least. */
  public static final long PAGE = 4096;

  /** The first address after it. */
  public long end() {
    return base + size;
  }

  public boolean overlaps(Region other) {
    return size > 0
        && other.size > 0
        && Long.compareUnsigned(base, other.end()) < 0
        && Long.compareUnsigned(other.base, end()) < 0;
  }

  public boolean contains(long address) {
    return Long.compareUnsigned(address - base, size) < 0;
  }

  public boolean contains(Region other) {
    return Long.compareUnsigned(base, other.base) <= 0
        && Long.compareUnsigned(other.end(), end()) <= 0;
  }

  /** The whole pages that have a byte of it. */
  public Region pages() {
    long first = base & -PAGE;
    return new Region(first, ((end() + PAGE - 1) & -PAGE) - first);
  }

  public long pageCount() {
    return pages().size() / PAGE;
  }

  /** Both ends, as U-Boot and Linux print them: the last address belongs to it. */
  @Override
  public String toString() {
    return "0x" + Long.toHexString(base) + "-0x" + Long.toHexString(end() - 1);
  }
}
