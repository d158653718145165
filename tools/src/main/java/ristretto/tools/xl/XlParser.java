package ristretto.tools.xl;

import java.util.ArrayList;
import java.util.List;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;
import ristretto.tools.source.SourceParser;

/**
 * Reads the grammar of xl.cfg(5), "SYNTAX": settings {@code key = value} or {@code key += value},
 * each ended by its line or a semicolon. A value is a string in either quotes, which has no escapes
 * and ends in its line, a number, or a list, which may go over lines and have a comma at its end.
 * {@code #} begins a comment everywhere but in a string.
 */
final class XlParser extends SourceParser {
  /** A list of lists is as deep as any key of xl.cfg(5) goes. */
  private static final int DEEPEST = 8;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private XlParser(String file, String text) {
    super(file, text);
  }

  /** All settings, in their order. */
  static List<XlConfig.Setting> parse(String file, String text) {
    XlParser parser = new XlParser(file, text);
    List<XlConfig.Setting> settings = new ArrayList<>();
    if (parser.peek() == BYTE_ORDER_MARK) {
      throw problem(
          parser.here(), "a byte order mark, which xl cannot read: save the file as UTF-8 without");
    }
    parser.skip(true);
    while (parser.peek() != END) {
      settings.add(parser.setting());
      parser.endOfSetting();
    }
    return settings;
  }

  private XlConfig.Setting setting() {
    Position position = here();
    String key = name();
    if (key.isEmpty() || Character.isDigit(key.charAt(0))) {
      throw problem(position, "a key is expected, as in: name = \"DomU1\"");
    }
    skip(false);
    boolean adds = startsWith("+=");
    if (!adds && peek() != '=') {
      throw problem(here(), "'=' is expected after '" + key + "'");
    }
    pass(adds ? 2 : 1);
    skip(false);
    return new XlConfig.Setting(key, value(0), adds, position);
  }

  private void endOfSetting() {
    skip(false);
    char next = peek();
    if (next == '\\') {
      throw problem(here(), "xl has no continuation by a backslash: only a list goes over lines");
    }
    if (next != ';' && next != '\n' && next != END) {
      throw problem(here(), "the end of the line or ';' is expected before the next setting");
    }
    skip(true);
  }

  private XlValue value(int depth) {
    Position position = here();
    char first = peek();
    if (first == '"' || first == '\'') {
      return new XlValue.Text(string(first, position), position);
    }
    if (first == '[') {
      if (depth == DEEPEST) {
        throw problem(position, "lists in lists in lists: xl knows no key with such a value");
      }
      return list(position, depth + 1);
    }
    String word = name();
    if (word.isEmpty()) {
      throw problem(position, "a string in quotes, a number or a list in [ ] is expected");
    }
    return number(word, position);
  }

  private String string(char quote, Position position) {
    pass(1);
    String string = upTo(quote);
    if (string == null) {
      throw problem(position, "this string does not end in its line: its " + quote + " is missing");
    }
    return string;
  }

  private XlValue number(String word, Position position) {
    try {
      return new XlValue.Whole(Long.decode(word), word, position);
    } catch (NumberFormatException e) {
      throw problem(position, "'" + word + "' is no number; a string has quotes: \"" + word + "\"");
    }
  }

  private XlValue list(Position position, int depth) {
    List<XlValue> items = new ArrayList<>();
    pass(1);
    skipLines();
    while (peek() != ']') {
      items.add(value(depth));
      skipLines();
      if (peek() == ',') {
        pass(1);
        skipLines();
      } else if (peek() == END) {
        throw problem(position, "this list has no end: its ] is missing");
      } else if (peek() != ']') {
        throw problem(here(), "',' or ']' is expected in the list");
      }
    }
    pass(1);
    return new XlValue.Items(List.copyOf(items), position);
  }

  private void skipLines() {
    skip(false);
    while (peek() == '\n') {
      newline();
      skip(false);
    }
  }

  /** Passes over blanks and comments, and what may stand between settings. */
  private void skip(boolean betweenSettings) {
    while (true) {
      char next = peek();
      if (next == '#') {
        passLine();
      } else if (betweenSettings && next == '\n') {
        newline();
      } else if (next == ' ' || next == '\t' || next == '\r' || betweenSettings && next == ';') {
        pass(1);
      } else {
        return;
      }
    }
  }

  private static SourceException problem(Position position, String text) {
    return new SourceException(position, text);
  }
}
