package ristretto.core.boot;

import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * A set of physical addresses as sorted ranges that neither touch nor overlap. Each is kept as base
 * and end (exclusive), below 2^52, so signed arithmetic is safe.
 */
public final class RangeList {
  /** A board has a handful of banks and a few dozen device windows once they are merged. */
  private static final int CAPACITY = 256;

  /** Arm ARM DDI 0487, "Physical address size": addresses have at most 52 bits. */
  private static final long LIMIT = 1L << 52;

  private final long[] bases = new long[CAPACITY];
  private final long[] ends = new long[CAPACITY];
  private int count;

  @BootOnly
  public RangeList() {}

  /** A list that can be changed without changing this one. */
  @BootOnly
  public RangeList copy() {
    RangeList copy = new RangeList();
    copy.addAll(this);
    return copy;
  }

  public int count() {
    return count;
  }

  public long base(int index) {
    return bases[index];
  }

  /** First address after range {@code index}. */
  public long end(int index) {
    return ends[index];
  }

  public long size(int index) {
    return ends[index] - bases[index];
  }

  /** Bytes in all ranges. */
  public long total() {
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += size(i);
    }
    return total;
  }

  /** Whether {@code size} bytes at {@code base} are a range that a list can hold. */
  public static boolean isPossible(long base, long size) {
    return base >= 0 && size >= 0 && base <= LIMIT && size <= LIMIT - base;
  }

  /** Adds {@code size} bytes at {@code base}; merges with what they touch. */
  @BootOnly
  public void add(long base, long size) {
    long end = checkedEnd(base, size);
    if (size == 0) {
      return;
    }
    int first = 0;
    while (first < count && ends[first] < base) {
      first++;
    }
    int last = first;
    long lowest = base;
    long highest = end;
    while (last < count && bases[last] <= end) {
      lowest = Math.min(lowest, bases[last]);
      highest = Math.max(highest, ends[last]);
      last++;
    }
    replace(first, last, 1);
    bases[first] = lowest;
    ends[first] = highest;
  }

  @BootOnly
  public void addAll(RangeList other) {
    for (int i = 0; i < other.count; i++) {
      add(other.bases[i], other.size(i));
    }
  }

  /** Takes {@code size} bytes at {@code base} away, as far as they are in the list. */
  @BootOnly
  public void remove(long base, long size) {
    long end = checkedEnd(base, size);
    if (size == 0) {
      return;
    }
    int first = 0;
    while (first < count && ends[first] <= base) {
      first++;
    }
    int last = first;
    while (last < count && bases[last] < end) {
      last++;
    }
    if (first == last) {
      return;
    }
    long lowest = bases[first];
    long highest = ends[last - 1];
    int left = lowest < base ? 1 : 0;
    int right = highest > end ? 1 : 0;
    replace(first, last, left + right);
    if (left == 1) {
      bases[first] = lowest;
      ends[first] = base;
    }
    if (right == 1) {
      bases[first + left] = end;
      ends[first + left] = highest;
    }
  }

  @BootOnly
  public void removeAll(RangeList other) {
    for (int i = 0; i < other.count; i++) {
      remove(other.bases[i], other.size(i));
    }
  }

  /** Makes entries [from, to) into {@code entries} entries that the caller fills. */
  @BootOnly
  private void replace(int from, int to, int entries) {
    int moved = entries - (to - from);
    if (count + moved > CAPACITY) {
      throw new BootException("too many separate ranges of memory or devices");
    }
    if (moved > 0) {
      for (int i = count - 1; i >= to; i--) {
        bases[i + moved] = bases[i];
        ends[i + moved] = ends[i];
      }
    } else {
      for (int i = to; i < count; i++) {
        bases[i + moved] = bases[i];
        ends[i + moved] = ends[i];
      }
    }
    count += moved;
  }

  /** The range that holds {@code address}, or -1. */
  public int find(long address) {
    for (int i = 0; i < count; i++) {
      if (address >= bases[i] && address < ends[i]) {
        return i;
      }
    }
    return -1;
  }

  /** Whether all of {@code size} bytes at {@code base} are in the list. */
  public boolean contains(long base, long size) {
    int at = find(base);
    return at >= 0 && size <= ends[at] - base;
  }

  /** Whether any of {@code size} bytes at {@code base} is in the list. */
  public boolean overlaps(long base, long size) {
    for (int i = 0; i < count; i++) {
      if (base < ends[i] && bases[i] < base + size) {
        return true;
      }
    }
    return false;
  }

  /** The same ranges cut down to multiples of {@code alignment}, a power of two. */
  @BootOnly
  public RangeList alignedInwards(long alignment) {
    RangeList aligned = new RangeList();
    for (int i = 0; i < count; i++) {
      long base = Bits.alignUp(bases[i], alignment);
      long end = Bits.alignDown(ends[i], alignment);
      if (base < end) {
        aligned.add(base, end - base);
      }
    }
    return aligned;
  }

  /** The same ranges widened to multiples of {@code alignment}, a power of two. */
  @BootOnly
  public RangeList alignedOutwards(long alignment) {
    RangeList aligned = new RangeList();
    for (int i = 0; i < count; i++) {
      long base = Bits.alignDown(bases[i], alignment);
      aligned.add(base, Bits.alignUp(ends[i], alignment) - base);
    }
    return aligned;
  }

  @BootOnly
  private static long checkedEnd(long base, long size) {
    if (!isPossible(base, size)) {
      throw new BootException(
          new BootMessage("no machine has ").hex(size).text(" bytes at ").hex(base));
    }
    return base + size;
  }
}
