package ristretto.tools.source;

/** A file that cannot be read as what it should be. */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Position position;
  private final String problem;

  public SourceException(Position position, String problem) {
    super(position + ": " + problem);
    this.position = position;
    this.problem = problem;
  }

  public Position position() {
    return position;
  }

  /** The message without the place. */
  public String problem() {
    return problem;
  }
}
