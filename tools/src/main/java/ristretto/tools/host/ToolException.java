package ristretto.tools.host;

/**
 * Something the user can act on: what is wrong, and what to do about it. Printed without a trace.
 */
public final class ToolException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure with no remedy but its own text. */
  public ToolException(String problem) {
    super(problem);
  }

  /**
   * A failure that can be put right.
   *
   * @param problem names the thing that is wrong
   * @param remedy a command or an action, without a full stop
   */
  public ToolException(String problem, String remedy) {
    super(problem + "\n  remedy: " + remedy);
  }

  public ToolException(String problem, Throwable cause) {
    super(problem + ": " + cause.getMessage(), cause);
  }
}
