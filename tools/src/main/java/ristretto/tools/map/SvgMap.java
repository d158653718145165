package ristretto.tools.map;

import java.util.ArrayList;
import java.util.List;
import ristretto.tools.check.Subject;
import ristretto.tools.svg.Drawing;

/** The map as a picture: a row for each thing, in the colour of its owner. */
public final class SvgMap {
  private static final int ROW = 20;
  private static final int LEAST_WIDTH = 860;
  private static final int MARGIN = 16;

  /** Of a letter: monospaced fonts of 13 pixels have up to 7.9. */
  private static final int LETTER = 8;

  /** Where columns begin, unless what is left of them needs more room. */
  private static final int[] COLUMNS = {28, 300, 540, 640};

  private static final List<String> GUEST_COLOURS =
      List.of("#2b8a3e", "#862e9c", "#c2255c", "#e67700", "#0b7285", "#5f3dc4");

  private final int[] columns = COLUMNS.clone();
  private final int width;
  private final Drawing drawing;
  private final List<String> guests = new ArrayList<>();
  private int y = ROW * 2;

  private SvgMap(List<Row> rows) {
    int end = 0;
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Math.max(columns[i], end + LETTER);
      int column = i;
      end = columns[i] + LETTER * TextMap.width(rows, row -> cells(row)[column]);
    }
    width = Math.max(LEAST_WIDTH, end + MARGIN);
    drawing = new Drawing(width, "monospace", 13);
  }

  /** Draws it; the same files give the same bytes. */
  public static String of(Subject subject) {
    List<Section> sections = Ownership.of(subject);
    SvgMap map = new SvgMap(sections.stream().flatMap(section -> section.rows().stream()).toList());
    map.write(map.width / 2, "middle", "bold", Ownership.title(subject));
    for (Section section : sections) {
      map.y += ROW;
      map.write(MARGIN, "start", "bold", section.title());
      section.rows().forEach(map::row);
    }
    return map.drawing.document(map.y + ROW);
  }

  private void row(Row row) {
    String colour = colour(row.owner());
    drawing.add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" fill-opacity=\"0.18\"/>"
            .formatted(MARGIN, y - 14, width - 2 * MARGIN, ROW - 1, colour));
    drawing.add(
        "<rect x=\"%d\" y=\"%d\" width=\"5\" height=\"%d\" fill=\"%s\"/>"
            .formatted(MARGIN, y - 14, ROW - 1, colour));
    String[] cells = cells(row);
    for (int i = 0; i < cells.length; i++) {
      if (!cells[i].isEmpty()) {
        drawing.add(
            "<text x=\"%d\" y=\"%d\">%s</text>"
                .formatted(columns[i], y, Drawing.escaped(cells[i])));
      }
    }
    y += ROW;
  }

  private static String[] cells(Row row) {
    return new String[] {row.place(), row.what(), row.interrupts(), row.owner()};
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
        String last = owner.substring(owner.lastIndexOf(',') + 1).strip();
        if (!guests.contains(last)) {
          guests.add(last);
        }
        yield GUEST_COLOURS.get(guests.indexOf(last) % GUEST_COLOURS.size());
      }
    };
  }
}
