package ristretto.tools.trace;

import java.util.Arrays;
import java.util.List;

/** How long woken vCPUs waited for a CPU. */
final class Latencies {
  /** The first bucket ends here, in nanoseconds; each following one at the double. */
  static final long FIRST = 1000;

  private static final int PERCENT = 100;

  /** Nanoseconds, ascending. */
  private final long[] sorted;

  private Latencies(long[] sorted) {
    this.sorted = sorted;
  }

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
}
