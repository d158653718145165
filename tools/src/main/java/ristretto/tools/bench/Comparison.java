package ristretto.tools.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The figures of one machine, ours beside Xen's.
 *
 * @param title which machine
 * @param figures in the order in which they are printed
 */
public record Comparison(String title, List<Figure> figures) {
  /** How many figures have this verdict. */
  public int count(Verdict verdict) {
    return Math.toIntExact(figures.stream().filter(f -> f.verdict() == verdict).count());
  }

  /** A table for a reader. */
  public String table() {
    StringBuilder text = new StringBuilder(title).append('\n');
    line(text, "instructions an operation", "ours", "Xen", "ratio", "at most", "");
    for (Figure figure : figures) {
      Figure.Unit unit = figure.unit();
      line(
          text,
          figure.label(),
          unit.print(figure.ours()),
          unit.print(figure.xen()),
          ratio(figure.ratio()),
          unit.print(figure.bar()),
          figure.verdict() == Verdict.NO_BAR ? "" : figure.verdict().word());
    }
    return text.toString();
  }

  /** The same as a JSON object, numbers in the smallest unit. */
  public String json() {
    StringBuilder text = new StringBuilder("{\"machine\": \"" + title + "\", \"figures\": [");
    String separator = "\n";
    for (Figure figure : figures) {
      text.append(separator)
          .append("  {\"name\": \"" + figure.name() + "\"")
          .append(", \"unit\": \"" + unitName(figure.unit()) + "\"")
          .append(", \"ours\": " + number(figure.ours()))
          .append(", \"xen\": " + number(figure.xen()))
          .append(", \"bar\": " + number(figure.bar()))
          .append(", \"verdict\": \"" + figure.verdict().word() + "\"}");
      separator = ",\n";
    }
    return text.append("\n]}").toString();
  }

  private static void line(StringBuilder text, String label, String... columns) {
    Object[] all = new Object[columns.length + 1];
    all[0] = label;
    System.arraycopy(columns, 0, all, 1, columns.length);
    String line = String.format(Locale.ROOT, "  %-44s %11s %11s %6s %11s  %s", all);
    text.append(line.stripTrailing()).append('\n');
  }

  private static String ratio(OptionalDouble ratio) {
    return ratio.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble());
  }

  private static String unitName(Figure.Unit unit) {
    return unit == Figure.Unit.KIBIBYTES ? "bytes" : "instructions";
  }

  private static String number(OptionalDouble value) {
    return value.isEmpty() ? "null" : String.format(Locale.ROOT, "%.2f", value.getAsDouble());
  }
}
