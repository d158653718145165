package ristretto.tools.map;

import java.util.ArrayList;
import java.util.List;
import ristretto.tools.check.Subject;
import ristretto.tools.svg.Drawing;

/** The map as a picture: a row for each thing, in the colour of its owner. */
public final class SvgMap {
  private static final int ROW = 20;
  private static final int WIDTH = 860;
  private static final int[] COLUMNS = {28, 300, 540, 640};
  private static final List<String> GUEST_COLOURS =
      List.of("#2b8a3e", "#862e9c", "#c2255c", "#e67700", "#0b7285", "#5f3dc4");

  private final Drawing drawing = new Drawing(WIDTH, "monospace", 13);
  private final List<String> guests = new ArrayList<>();
  private int y = ROW * 2;

  private SvgMap() {}

  /** Draws it; the same files give the same bytes. */
  public static String of(Subject subject) {
    SvgMap map = new SvgMap();
    map.write(WIDTH / 2, "middle", "bold", Ownership.title(subject));
    for (Section section : Ownership.of(subject)) {
      map.y += ROW;
      map.write(COLUMNS[0] - 12, "start", "bold", section.title());
      section.rows().forEach(map::row);
    }
    return map.drawing.document(map.y + ROW);
  }

  private void row(Row row) {
    String colour = colour(row.owner());
    drawing.add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" fill-opacity=\"0.18\"/>"
            .formatted(COLUMNS[0] - 12, y - 14, WIDTH - 2 * (COLUMNS[0] - 12), ROW - 1, colour));
    drawing.add(
        "<rect x=\"%d\" y=\"%d\" width=\"5\" height=\"%d\" fill=\"%s\"/>"
            .formatted(COLUMNS[0] - 12, y - 14, ROW - 1, colour));
    String[] cells = {row.place(), row.what(), row.interrupts(), row.owner()};
    for (int i = 0; i < cells.length; i++) {
      if (!cells[i].isEmpty()) {
        drawing.add(
            "<text x=\"%d\" y=\"%d\">%s</text>"
                .formatted(COLUMNS[i], y, Drawing.escaped(cells[i])));
      }
    }
    y += ROW;
  }

  private void write(int x, String anchor, String weight, String words) {
    drawing.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-weight=\"%s\">%s</text>"
            .formatted(x, y, anchor, weight, Drawing.escaped(words)));
    y += ROW;
  }

  private String colour(String owner) {
    return switch (owner) {
      case Ownership.HYPERVISOR -> "#c92a2a";
      case Ownership.FIRMWARE, Ownership.KEPT -> "#495057";
      case Ownership.DOM0 -> "#1864ab";
      case Ownership.SHARED -> "#adb5bd";
      default -> {
        String last = owner.substring(owner.lastIndexOf(' ') + 1);
        if (!guests.contains(last)) {
          guests.add(last);
        }
        yield GUEST_COLOURS.get(guests.indexOf(last) % GUEST_COLOURS.size());
      }
    };
  }
}
