package ristretto.tools.map;

import java.util.List;
import java.util.function.Function;
import ristretto.tools.check.Subject;

/** The map in a terminal: a table for each kind of thing. */
public final class TextMap {
  private TextMap() {}

  /** Draws it. */
  public static String of(Subject subject) {
    StringBuilder text = new StringBuilder(Ownership.title(subject)).append('\n');
    for (Section section : Ownership.of(subject)) {
      text.append('\n').append(section.title()).append('\n');
      List<Row> rows = section.rows();
      int place = width(rows, Row::place);
      int what = width(rows, Row::what);
      int interrupts = width(rows, Row::interrupts);
      for (Row row : rows) {
        text.append("  ")
            .append(padded(row.place(), place))
            .append("  ")
            .append(padded(row.what(), what));
        if (interrupts > 0) {
          text.append("  ").append(padded(row.interrupts(), interrupts));
        }
        text.append("  ").append(row.owner()).append('\n');
      }
    }
    return text.toString();
  }

  static int width(List<Row> rows, Function<Row, String> column) {
    return rows.stream().map(column).mapToInt(String::length).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
