package ristretto.tools.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ristretto.tools.source.Position;

/**
 * A word of a script, unquoted, with its variables still in it.
 *
 * @param pieces text and variables, in their order
 * @param position of its first character, a quote included
 */
public record Word(List<Piece> pieces, Position position) {
  /** A part of a word. */
  public sealed interface Piece {
    Position position();

    /** Characters that stand for themselves. */
    record Literal(String text, Position position) implements Piece {}

    /** {@code ${name}} or {@code $name}. */
    record Variable(String name, Position position) implements Piece {}
  }

  /** A blank-parted part of a word's text, as one option of a command line is. */
  public record Part(String text, Position position) {
    /** Whether it has a variable whose value is not known. */
    public boolean isUnknown() {
      return text.contains("${");
    }
  }

  /** The text with the variables that are known; the others stay as {@code ${name}}. */
  public String text(Map<String, Word> variables) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Literal literal -> text.append(literal.text());
        case Piece.Variable variable -> {
          Word value = variables.get(variable.name());
          text.append(value == null ? "${" + variable.name() + "}" : value.text(variables));
        }
      }
    }
    return text.toString();
  }

  /** The blank-parted parts, each with the place where its first character is written. */
  public List<Part> parts(Map<String, Word> variables) {
    List<Part> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Position[] start = {position};
    collect(variables, parts, text, start);
    finish(parts, text, start[0]);
    return List.copyOf(parts);
  }

  private void collect(
      Map<String, Word> variables, List<Part> parts, StringBuilder text, Position[] start) {
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Literal literal -> {
          for (int i = 0; i < literal.text().length(); i++) {
            char next = literal.text().charAt(i);
            if (next == ' ' || next == '\t' || next == '\n') {
              finish(parts, text, start[0]);
            } else {
              if (text.isEmpty()) {
                start[0] = literal.position().plus(i);
              }
              text.append(next);
            }
          }
        }
        case Piece.Variable variable -> {
          Word value = variables.get(variable.name());
          if (value != null) {
            value.collect(variables, parts, text, start);
          } else {
            if (text.isEmpty()) {
              start[0] = variable.position();
            }
            text.append("${").append(variable.name()).append('}');
          }
        }
      }
    }
  }

  private static void finish(List<Part> parts, StringBuilder text, Position start) {
    if (!text.isEmpty()) {
      parts.add(new Part(text.toString(), start));
      text.setLength(0);
    }
  }
}
