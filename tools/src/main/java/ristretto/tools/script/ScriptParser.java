package ristretto.tools.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;
import ristretto.tools.source.SourceParser;

/**
 * Splits a script as U-Boot's hush shell does: statements end at a line, {@code ;}, {@code &&} and
 * {@code ||}; words are parted by blanks, with both kinds of quotes and the backslash. The words of
 * {@code if} and {@code for} are passed over: every branch is looked at.
 */
final class ScriptParser extends SourceParser {
  private static final Set<String> KEYWORDS =
      Set.of("if", "then", "elif", "else", "fi", "for", "do", "done", "while", "until");

  private final List<Statement> statements = new ArrayList<>();
  private final List<Word> words = new ArrayList<>();

  private ScriptParser(String file, String text) {
    super(file, text);
  }

  static List<Statement> parse(String file, String text) {
    ScriptParser parser = new ScriptParser(file, text);
    parser.run();
    return List.copyOf(parser.statements);
  }

  private void run() {
    while (peek() != END) {
      char next = peek();
      if (next == '\n') {
        end();
        newline();
      } else if (next == ';' || next == '&' || next == '|') {
        end();
        pass(1);
      } else if (next == ' ' || next == '\t' || next == '\r') {
        pass(1);
      } else if (startsWith("\\\n")) {
        pass(1);
        newline();
      } else if (next == '#') {
        passLine();
      } else {
        word();
      }
    }
    end();
  }

  private void end() {
    if (!words.isEmpty()) {
      statements.add(new Statement(List.copyOf(words)));
      words.clear();
    }
  }

  private void word() {
    Position position = here();
    List<Word.Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    Position start = position;
    while (!endsWord(peek())) {
      char next = peek();
      if (next == '\'' || next == '"') {
        start = quoted(next, pieces, literal, start);
      } else if (next == '$') {
        flush(pieces, literal, start);
        pieces.add(variable());
        start = here();
      } else {
        if (next == '\\') {
          pass(1);
        }
        if (literal.isEmpty()) {
          start = here();
        }
        if (peek() != END) {
          literal.append(peek());
          pass(1);
        }
      }
    }
    flush(pieces, literal, start);
    Word word = new Word(List.copyOf(pieces), position);
    boolean keyword =
        words.isEmpty()
            && pieces.size() == 1
            && pieces.getFirst() instanceof Word.Piece.Literal(String name, Position _)
            && KEYWORDS.contains(name);
    if (!keyword) {
      words.add(word);
    }
  }

  /** What is between quotes: part of the word; in double ones variables are replaced. */
  private Position quoted(
      char quote, List<Word.Piece> pieces, StringBuilder literal, Position before) {
    Position open = here();
    Position start = before;
    pass(1);
    while (peek() != quote) {
      if (peek() == END) {
        throw new SourceException(open, "this quote is not closed");
      }
      if (quote == '"' && peek() == '$') {
        flush(pieces, literal, start);
        pieces.add(variable());
        continue;
      }
      if (quote == '"' && peek() == '\\') {
        pass(1);
      }
      if (literal.isEmpty()) {
        start = here();
      }
      char next = peek();
      literal.append(next);
      if (next == '\n') {
        newline();
      } else {
        pass(1);
      }
    }
    pass(1);
    return start;
  }

  private Word.Piece variable() {
    Position position = here();
    pass(1);
    if (peek() != '{') {
      return new Word.Piece.Variable(name(), position);
    }
    pass(1);
    String name = upTo('}');
    if (name == null) {
      throw new SourceException(position, "this ${ is not closed");
    }
    return new Word.Piece.Variable(name, position);
  }

  private static void flush(List<Word.Piece> pieces, StringBuilder literal, Position start) {
    if (!literal.isEmpty()) {
      pieces.add(new Word.Piece.Literal(literal.toString(), start));
      literal.setLength(0);
    }
  }

  private static boolean endsWord(char next) {
    return next == END
        || next == ' '
        || next == '\t'
        || next == '\r'
        || next == '\n'
        || next == ';';
  }
}
