package ristretto.tools.source;

/**
 * Where something is written.
 *
 * @param file as the user named it
 * @param line from 1; 0 where the file has no lines, as a binary device tree
 * @param column from 1; 0 likewise
 */
public record Position(String file, int line, int column) implements Comparable<Position> {
  /** A whole file, or one without lines. */
  public static Position of(String file) {
    return new Position(file, 0, 0);
  }

  /** The place {@code columns} further right in the same line. */
  public Position plus(int columns) {
    return new Position(file, line, column + columns);
  }

  @Override
  public int compareTo(Position other) {
    int byFile = file.compareTo(other.file);
    int byLine = byFile == 0 ? Integer.compare(line, other.line) : byFile;
    return byLine == 0 ? Integer.compare(column, other.column) : byLine;
  }

  /** {@code file:line:column}, as compilers print it. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
