package ristretto.tools.xl;

import java.util.List;
import ristretto.tools.source.Position;

/** What stands after a key of a configuration. */
public sealed interface XlValue {
  Position position();

  /** A string; its text begins one column after its quote. */
  record Text(String text, Position position) implements XlValue {
    /** The place of a character of it. */
    public Position at(int index) {
      return position.plus(1 + index);
    }
  }

  /**
   * A number.
   *
   * @param written as it stands there: xl takes 0x for hexadecimal and a leading 0 for octal
   */
  record Whole(long number, String written, Position position) implements XlValue {}

  /** A list. */
  record Items(List<XlValue> items, Position position) implements XlValue {}
}
