package ristretto.tools.script;

import java.util.List;
import ristretto.tools.source.Position;

/** A command with its arguments. */
public record Statement(List<Word> words) {
  public Position position() {
    return words.getFirst().position();
  }
}
