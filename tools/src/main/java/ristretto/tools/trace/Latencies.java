package ristretto.tools.trace;

import java.util.Arrays;
import java.util.List;

/**
 * How long woken vCPUs waited for a CPU.
 *
 * @param sorted nanoseconds, ascending
 */
record Latencies(long[] sorted) {
  /** The first bucket ends here, in nanoseconds; each following one at the double. */
  static final long FIRST = 1000;

  private static final int PERCENT = 100;

  static Latencies of(List<Wake> wakes) {
    return new Latencies(wakes.stream().mapToLong(Wake::latency).sorted().toArray());
  }

  int count() {
    return sorted.length;
  }

  /** The least that at least so many of a hundred do not exceed; 0 without any. */
  long percentile(int percent) {
    if (sorted.length == 0) {
      return 0;
    }
    int at = (sorted.length * percent + PERCENT - 1) / PERCENT;
    return sorted[Math.max(at, 1) - 1];
  }

  /** How many are in each bucket, up to the last that has one. */
  int[] buckets() {
    int last = sorted.length == 0 ? 0 : bucket(sorted[sorted.length - 1]);
    int[] counts = new int[last + 1];
    Arrays.stream(sorted).forEach(latency -> counts[bucket(latency)]++);
    return counts;
  }

  private static int bucket(long latency) {
    return latency < FIRST ? 0 : Long.SIZE - Long.numberOfLeadingZeros(latency / FIRST);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Latencies that && Arrays.equals(sorted, that.sorted);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sorted);
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }
}
