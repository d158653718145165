package ristretto.tools.bench;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One figure of both hypervisors beside its bar.
 *
 * @param name what {@code --only} and the JSON call it
 * @param label for a reader
 * @param unit of the three numbers
 * @param bar what ours may be at most; empty where there is none
 */
record Figure(
    String name,
    String label,
    Unit unit,
    OptionalDouble ours,
    OptionalDouble xen,
    OptionalDouble bar) {

  /** How a number is printed. */
  enum Unit {
    INSTRUCTIONS(1, "", 0),
    MILLION_INSTRUCTIONS(1e6, " M", 2),
    KIBIBYTES(1024, " KiB", 1),
    /** In hundredths of a percent. */
    PERCENT(100, " %", 2);

    private final double scale;
    private final String suffix;
    private final int digits;

    Unit(double scale, String suffix, int digits) {
      this.scale = scale;
      this.suffix = suffix;
      this.digits = digits;
    }

    String print(OptionalDouble value) {
      return value.isEmpty()
          ? "-"
          : String.format(Locale.ROOT, "%." + digits + "f%s", value.getAsDouble() / scale, suffix);
    }
  }

  /** By the numbers as printed: starting and ending a loop costs hundredths of an operation. */
  Verdict verdict() {
    if (bar.isEmpty()) {
      return Verdict.NO_BAR;
    }
    if (ours.isEmpty()) {
      return Verdict.NOT_MEASURED;
    }
    return Math.round(ours.getAsDouble()) <= bar.getAsDouble() ? Verdict.MET : Verdict.MISSED;
  }

  /** Neither hypervisor showed it: it does not exist on this machine. */
  boolean isAbsent() {
    return ours.isEmpty() && xen.isEmpty();
  }

  /** Ours for one of Xen's. */
  OptionalDouble ratio() {
    return ours.isEmpty() || xen.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(ours.getAsDouble() / xen.getAsDouble());
  }
}
