package ristretto.tools.board;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/**
 * The places of nodes and properties, from what `dtc -O dts --annotate --annotate` prints: one node
 * or property a line, and at its end where it was last given, {@code file:line:column-line:column}.
 */
final class Annotations {
  private static final Pattern LINE =
      Pattern.compile("^\\t*(.*?) /\\* (?:(\\S.*?):(\\d+):(\\d+)-.*|<no-file>:<no-line>) \\*/$");

  /**
   * {@code Error: file:line.column-column text}, and {@code file:line.column-line.column: ERROR}.
   */
  private static final Pattern REFUSAL =
      Pattern.compile("(?m)^(?:Error: )?(\\S+?):(\\d+)\\.(\\d+)-\\S+?:? (?:ERROR )?(.*)$");

  private final Map<String, Position> places = new HashMap<>();

  private Annotations() {}

  static Annotations of(String source) {
    Annotations annotations = new Annotations();
    StringBuilder path = new StringBuilder();
    for (String line : source.lines().toList()) {
      if (line.strip().startsWith("};")) {
        path.setLength(Math.max(0, path.lastIndexOf("/")));
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        continue;
      }
      String text = matcher.group(1);
      if (text.endsWith(" {")) {
        String name =
            text.substring(text.lastIndexOf(' ', text.length() - 3) + 1, text.length() - 2);
        path.append('/').append(name.equals("/") ? "" : name);
        annotations.note(path.toString(), matcher);
      } else {
        annotations.note(path + ":" + text.replaceFirst("( =.*|;)$", ""), matcher);
      }
    }
    return annotations;
  }

  private void note(String what, Matcher matcher) {
    if (matcher.group(2) != null) {
      int line = Integer.parseInt(matcher.group(3));
      places.put(what, new Position(matcher.group(2), line, Integer.parseInt(matcher.group(4))));
    }
  }

  /** Gives the nodes and properties of a tree their places. */
  void place(Node root) {
    place(root, "/");
  }

  private void place(Node node, String key) {
    Position place = places.get(key);
    if (place != null) {
      node.moveTo(place);
    }
    for (Property property : node.properties().toArray(Property[]::new)) {
      Position at = places.get(key + ":" + property.name());
      if (at != null) {
        node.put(property.at(at));
      }
    }
    node.children().forEach(child -> place(child, key + "/" + child.name()));
  }

  /** What dtc refused, and where. */
  static SourceException refusal(String output, Position file) {
    Matcher matcher = REFUSAL.matcher(output);
    if (!matcher.find()) {
      return new SourceException(file, "dtc: " + output.strip().lines().findFirst().orElse(""));
    }
    int line = Integer.parseInt(matcher.group(2));
    int column = Integer.parseInt(matcher.group(3));
    String problem = matcher.group(4).replaceFirst("^\\(\\w+\\): ", "");
    return new SourceException(new Position(matcher.group(1), line, column), "dtc: " + problem);
  }
}
