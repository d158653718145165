package ristretto.tools.bench;

import java.util.Locale;
import java.util.OptionalDouble;

/** Ours beside Xen's, with the ratio and the bar. */
final class BenchTable {
  private final StringBuilder text = new StringBuilder();
  private int above;

  BenchTable(String title) {
    text.append(title).append('\n');
    line("instructions an operation", "ours", "Xen", "ratio", "at most");
  }

  /** Adds a row if both hypervisors showed it. */
  void add(Row row, OptionalDouble ours, OptionalDouble xen) {
    if (ours.isEmpty()) {
      return;
    }
    String mark = "";
    if (ours.getAsDouble() > row.bar()) {
      above++;
      mark = "  ABOVE";
    }
    line(
        row.label(),
        number(ours),
        number(xen),
        xen.isEmpty() ? "-" : ratio(ours.getAsDouble(), xen.getAsDouble()),
        row.bar() + mark);
  }

  /** Adds a figure whose bar is a share of Xen's. */
  void addShare(String label, double ours, double xen, double share) {
    boolean exceeds = ours > xen * share;
    above += exceeds ? 1 : 0;
    line(
        label,
        million(ours),
        million(xen),
        ratio(ours, xen),
        million(xen * share) + (exceeds ? "  ABOVE" : ""));
  }

  /** Figures above their bar so far. */
  int above() {
    return above;
  }

  private void line(String label, String ours, String xen, String ratio, String bar) {
    text.append(
        String.format(Locale.ROOT, "  %-44s %9s %9s %7s %9s%n", label, ours, xen, ratio, bar));
  }

  private static String number(OptionalDouble value) {
    return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%.0f", value.getAsDouble());
  }

  private static String million(double value) {
    return String.format(Locale.ROOT, "%.2f M", value / 1e6);
  }

  private static String ratio(double ours, double xen) {
    return String.format(Locale.ROOT, "%.2f", ours / xen);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
