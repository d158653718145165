package ristretto.tools.trace;

import java.util.List;

/**
 * What a file of {@code xentrace} holds.
 *
 * @param records in the order of their times; of one CPU, in that in which they were written
 * @param frequency of the counter that the times are from, in Hz
 * @param lost records that there was no room for in the hypervisor's buffers
 * @param missing bytes at the end that were no whole record
 */
public record Recording(List<TraceRecord> records, long frequency, long lost, int missing) {
  private static final double NANOSECONDS_PER_SECOND = 1e9;

  /** Nanoseconds of so many ticks. */
  long nanoseconds(long ticks) {
    return Math.round(ticks * NANOSECONDS_PER_SECOND / frequency);
  }

  /** Nanoseconds from the first record to a counter value. */
  long sinceStart(long time) {
    return nanoseconds(time - records.getFirst().time());
  }

  /** Nanoseconds from the first to the last record. */
  long duration() {
    return sinceStart(records.getLast().time());
  }
}
