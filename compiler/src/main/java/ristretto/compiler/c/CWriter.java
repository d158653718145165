package ristretto.compiler.c;

/**
 * C text with {@code #line} directives. All statements of one Java line stand on one C line,
 * because each further C line counts on.
 */
final class CWriter {
  static final String GENERATED = "ristretto.c";

  private final StringBuilder text = new StringBuilder();
  private String file = "";
  private int line;
  private boolean startOfLine = true;

  /** Statements from here on belong to the Java line. */
  void at(String sourceFile, int sourceLine) {
    if (!sourceFile.equals(file) || sourceLine != line) {
      if (!startOfLine) {
        text.append('\n');
      }
      text.append("#line ").append(sourceLine);
      if (!sourceFile.equals(file)) {
        text.append(" \"").append(sourceFile).append('"');
      }
      text.append('\n');
      file = sourceFile;
      line = sourceLine;
      startOfLine = true;
    }
  }

  /** One or more statements of the current line. */
  void put(String statement) {
    if (!startOfLine) {
      text.append(' ');
    }
    text.append(statement);
    startOfLine = false;
  }

  /** Text that has no Java line. */
  void generated(String lines) {
    if (!file.equals(GENERATED)) {
      if (!startOfLine) {
        text.append('\n');
      }
      text.append("#line 1 \"" + GENERATED + "\"\n");
      file = GENERATED;
      line = -1;
    }
    text.append(lines).append('\n');
    startOfLine = true;
  }

  @Override
  public String toString() {
    return text + (startOfLine ? "" : "\n");
  }
}
