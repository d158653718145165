package ristretto.tools.xl;

import java.util.ArrayList;
import java.util.List;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/**
 * Reads the grammar of xl.cfg(5), "SYNTAX": settings {@code key = value} or {@code key += value},
 * each ended by its line or a semicolon. A value is a string in either quotes, which has no escapes
 * and ends in its line, a number, or a list, which may go over lines and have a comma at its end.
 * {@code #} begins a comment everywhere but in a string.
 */
final class XlParser {
  private static final char END = '\0';

  private final String file;
  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  private XlParser(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /** All settings, in their order. */
  static List<XlConfig.Setting> parse(String file, String text) {
    XlParser parser = new XlParser(file, text);
    List<XlConfig.Setting> settings = new ArrayList<>();
    parser.skip(true);
    while (parser.peek() != END) {
      settings.add(parser.setting());
      parser.endOfSetting();
    }
    return settings;
  }

  private XlConfig.Setting setting() {
    Position position = here();
    String key = word();
    if (key.isEmpty() || Character.isDigit(key.charAt(0))) {
      throw problem(position, "a key is expected, as in: name = \"DomU1\"");
    }
    skip(false);
    boolean adds = text.startsWith("+=", at);
    if (!adds && peek() != '=') {
      throw problem(here(), "'=' is expected after '" + key + "'");
    }
    at += adds ? 2 : 1;
    skip(false);
    return new XlConfig.Setting(key, value(), adds, position);
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

  private XlValue value() {
    Position position = here();
    char first = peek();
    if (first == '"' || first == '\'') {
      return new XlValue.Text(string(first, position), position);
    }
    if (first == '[') {
      return list(position);
    }
    String word = word();
    if (word.isEmpty()) {
      throw problem(position, "a string in quotes, a number or a list in [ ] is expected");
    }
    return number(word, position);
  }

  private String string(char quote, Position position) {
    int end = text.indexOf(quote, at + 1);
    int newline = text.indexOf('\n', at);
    if (end < 0 || newline >= 0 && newline < end) {
      throw problem(position, "this string does not end in its line: its " + quote + " is missing");
    }
    String string = text.substring(at + 1, end);
    at = end + 1;
    return string;
  }

  private XlValue number(String word, Position position) {
    try {
      return new XlValue.Whole(Long.decode(word), word, position);
    } catch (NumberFormatException e) {
      throw problem(position, "'" + word + "' is no number; a string has quotes: \"" + word + "\"");
    }
  }

  private XlValue list(Position position) {
    List<XlValue> items = new ArrayList<>();
    at++;
    skipLines();
    while (peek() != ']') {
      items.add(value());
      skipLines();
      if (peek() == ',') {
        at++;
        skipLines();
      } else if (peek() == END) {
        throw problem(position, "this list has no end: its ] is missing");
      } else if (peek() != ']') {
        throw problem(here(), "',' or ']' is expected in the list");
      }
    }
    at++;
    return new XlValue.Items(List.copyOf(items), position);
  }

  private String word() {
    int start = at;
    while (Character.isLetterOrDigit(peek()) || peek() == '_') {
      at++;
    }
    return text.substring(start, at);
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
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (betweenSettings && next == '\n') {
        newline();
      } else if (next == ' ' || next == '\t' || next == '\r' || betweenSettings && next == ';') {
        at++;
      } else {
        return;
      }
    }
  }

  private void newline() {
    at++;
    line++;
    lineStart = at;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private Position here() {
    return new Position(file, line, at - lineStart + 1);
  }

  private static SourceException problem(Position position, String text) {
    return new SourceException(position, text);
  }
}
