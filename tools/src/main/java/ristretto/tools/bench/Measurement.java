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
  private static final Pattern LINE = Pattern.compile("BENCH (\\w+) (\\d+)\\r*\\n");

  /** Reads a console transcript. */
  static Measurement of(String transcript) {
    if (!transcript.contains("BENCH-END")) {
      throw new ToolException(
          "the benchmark guest did not finish; its console said:\n" + transcript,
          "run it by hand with ./ristretto bench --keep");
    }
    Map<String, Double> found = new HashMap<>();
    Matcher lines = LINE.matcher(transcript);
    while (lines.find()) {
      found.put(lines.group(1), Long.parseLong(lines.group(2)) / 100.0);
    }
    return new Measurement(Map.copyOf(found));
  }

  OptionalDouble of(Row row) {
    Double value = perOperation.get(row.guestName());
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Instructions from reset to the guest's first. */
  double toKernel() {
    return perOperation.getOrDefault("instructions_to_kernel", Double.NaN);
  }
}
