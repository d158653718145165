package ristretto.tools.uboot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ristretto.tools.board.Region;
import ristretto.tools.host.ToolException;

/**
 * What lies where in RAM while a boot loader works: the windows that RAM is in, what is spoken for,
 * and what is put between. Nothing is ever put on top of anything else.
 */
public final class MemoryPlan {
  private static final long MIB = 1 << 20;

  /**
   * Linux, Documentation/arch/arm64/booting.rst: a kernel lies at a 2 MiB boundary, and a device
   * tree does not cross one that it need not cross. The rest is aligned alike.
   */
  private static final long ALIGNMENT = 2 * MIB;

  private final List<Range> windows = new ArrayList<>();
  private final List<Range> kept = new ArrayList<>();
  private final List<Range> placed = new ArrayList<>();

  /**
   * Some memory and what it is for.
   *
   * @param start its first physical address
   */
  public record Range(String name, long start, long bytes) {
    /** The first address after it. */
    public long end() {
      return start + bytes;
    }

    /** Whether they share a byte. */
    public boolean overlaps(Range other) {
      return region().overlaps(other.region());
    }

    private Region region() {
      return new Region(start, bytes);
    }

    @Override
    public String toString() {
      return name + " (0x" + Long.toHexString(start) + " to 0x" + Long.toHexString(end()) + ")";
    }
  }

  /** Two ranges that share memory. */
  public record Overlap(Range one, Range other) {
    @Override
    public String toString() {
      return one + " overlaps " + other;
    }
  }

  /** The same, to be filled in another way. */
  public MemoryPlan copy() {
    MemoryPlan copy = new MemoryPlan();
    copy.windows.addAll(windows);
    copy.kept.addAll(kept);
    copy.placed.addAll(placed);
    return copy;
  }

  /** Adds a window of RAM. */
  public MemoryPlan ram(long start, long bytes) {
    windows.add(new Range("RAM", start, bytes));
    return this;
  }

  /** Withholds memory: nothing is placed there. */
  public MemoryPlan keep(String name, long start, long bytes) {
    kept.add(new Range(name, start, bytes));
    return this;
  }

  /** Puts something at the lowest place that is free. */
  public Range place(String name, long bytes) {
    return place(name, bytes, windows.isEmpty() ? new Range("RAM", 0, 0) : span());
  }

  /**
   * Puts something at the lowest free place of a range.
   *
   * @throws ToolException if there is none
   */
  public Range place(String name, long bytes, Range within) {
    return windows.stream()
        .sorted(Comparator.comparingLong(Range::start))
        .flatMap(window -> candidates(window, within))
        .map(start -> new Range(name, start, bytes))
        .filter(range -> isFree(range) && contains(within, range))
        .min(Comparator.comparingLong(Range::start))
        .map(range -> {
          placed.add(range);
          return range;
        })
        .orElseThrow(() ->
            new ToolException(
                "no room in "
                    + within.name()
                    + " for "
                    + name
                    + ": "
                    + (bytes + MIB - 1) / MIB
                    + " MiB beside "
                    + occupied()));
  }

  /** Everything that is spoken for, in order of addresses. */
  public List<Range> occupied() {
    return Stream.concat(kept.stream(), placed.stream())
        .sorted(Comparator.comparingLong(Range::start))
        .toList();
  }

  /** What was put somewhere, in the order in which it was. */
  public List<Range> placed() {
    return List.copyOf(placed);
  }

  /** The first two of these that share memory. */
  public static Optional<Overlap> firstOverlap(List<Range> ranges) {
    for (int i = 0; i < ranges.size(); i++) {
      for (Range other : ranges.subList(i + 1, ranges.size())) {
        if (ranges.get(i).overlaps(other)) {
          return Optional.of(new Overlap(ranges.get(i), other));
        }
      }
    }
    return Optional.empty();
  }

  /** A range starts where its window does, where it may at the earliest, or behind another one. */
  private Stream<Long> candidates(Range window, Range within) {
    return Stream.concat(
            Stream.of(window.start(), Math.max(window.start(), within.start())),
            occupied().stream().map(Range::end))
        .map(MemoryPlan::aligned);
  }

  private boolean isFree(Range range) {
    return windows.stream().anyMatch(window -> contains(window, range))
        && occupied().stream().noneMatch(range::overlaps);
  }

  private Range span() {
    long start = windows.stream().mapToLong(Range::start).min().orElse(0);
    long end = windows.stream().mapToLong(Range::end).max().orElse(0);
    return new Range("RAM", start, end - start);
  }

  private static boolean contains(Range outer, Range inner) {
    return outer.region().contains(inner.region());
  }

  private static long aligned(long address) {
    return (address + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
