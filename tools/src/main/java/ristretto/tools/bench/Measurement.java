package ristretto.tools.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ristretto.tools.host.ToolException;

/**
 * What one run of the guest printed.
 *
 * @param perOperation instructions an operation, by the guest's name
 */
record Measurement(Map<String, Double> perOperation) {
  private static final int PAGE = 4096;
  private static final Pattern LINE = Pattern.compile("BENCH (\\w+) (\\d+)\\r*\\n");

  /** Reads a console transcript. */
  static Measurement of(String transcript) {
    if (!transcript.contains("BENCH-END")) {
      throw new ToolException(
          "the benchmark guest did not finish; its console said:\n" + transcript,
          "./ristretto run --hypervisor FILE shows whether that hypervisor boots at all");
    }
    Map<String, Double> found = new HashMap<>();
    Matcher lines = LINE.matcher(transcript);
    while (lines.find()) {
      found.put(lines.group(1), Long.parseLong(lines.group(2)) / 100.0);
    }
    return new Measurement(Map.copyOf(found));
  }

  OptionalDouble of(Row row) {
    return value(row.guestName());
  }

  /** Instructions from reset to the guest's first. */
  OptionalDouble toKernel() {
    return value("instructions_to_kernel");
  }

  /**
   * Bytes of RAM that are neither Dom0's nor free, by the free pages that sysctl's physinfo told
   * the guest: image, frame table, heaps, stacks, Dom0's stage 2. Empty if it did not answer.
   */
  OptionalDouble kept() {
    OptionalDouble free = value("free_pages");
    long others = (long) (BenchRun.MEBIBYTES - BenchRun.DOM0_MEBIBYTES) << 20;
    return free.isEmpty() ? free : OptionalDouble.of(others - free.getAsDouble() * PAGE);
  }

  /** By the guest's name. */
  OptionalDouble value(String name) {
    Double value = perOperation.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
