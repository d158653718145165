package ristretto.tools.source;

import org.jspecify.annotations.Nullable;

/** Goes through a text from its beginning to its end, and knows line and column on the way. */
public abstract class SourceParser {
  /** What {@link #peek} sees behind the last character. */
  protected static final char END = '\0';

  private final String file;
  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  protected SourceParser(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /** The next character, which is not taken. */
  protected final char peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  protected final boolean startsWith(String next) {
    return text.startsWith(next, at);
  }

  /** Takes characters none of which ends a line. */
  protected final void pass(int count) {
    at += count;
  }

  /** Takes the end of a line. */
  protected final void newline() {
    at++;
    line++;
    lineStart = at;
  }

  /** Takes what is left of the line, without its end. */
  protected final void passLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  /** Takes a name, which has letters, digits and underscores; perhaps none of them. */
  protected final String name() {
    int start = at;
    while (Character.isLetterOrDigit(peek()) || peek() == '_') {
      at++;
    }
    return text.substring(start, at);
  }

  /**
   * Takes what is before {@code end}, and that itself.
   *
   * @return null, with nothing taken, if the line has no such character any more
   */
  protected final @Nullable String upTo(char end) {
    int found = text.indexOf(end, at);
    int lineEnd = text.indexOf('\n', at);
    if (found < 0 || lineEnd >= 0 && lineEnd < found) {
      return null;
    }
    String taken = text.substring(at, found);
    at = found + 1;
    return taken;
  }

  /** Where the next character is. */
  protected final Position here() {
    return new Position(file, line, at - lineStart + 1);
  }
}
