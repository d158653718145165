package ristretto.tools.source;

/** A file that cannot be read as what it should be. */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Position position;
  private final String problem;
  private final String remedy;

  /** Where the message says what is expected there. */
  public SourceException(Position position, String problem) {
    this(position, problem, "correct it first");
  }

  public SourceException(Position position, String problem, String remedy) {
    super(position + ": " + problem);
    this.position = position;
    this.problem = problem;
    this.remedy = remedy;
  }

  public Position position() {
    return position;
  }

  /** The message without the place. */
  public String problem() {
    return problem;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }
}
