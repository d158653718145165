package ristretto.tools.trace;

import java.util.Locale;

/** Times as a person reads them. */
final class Times {
  private static final String[] UNITS = {"ns", "µs", "ms", "s"};

  private Times() {}

  /** Three digits or so: 0, 950 ns, 1.5 µs, 12 ms. */
  static String text(long nanoseconds) {
    if (nanoseconds == 0) {
      return "0";
    }
    double value = nanoseconds;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    String digits =
        unit > 0 && value < 100
            ? String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "")
            : String.format(Locale.ROOT, "%.0f", value);
    return digits + " " + UNITS[unit];
  }
}
