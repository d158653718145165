package ristretto.compiler.link;

/** The image cannot be built; the message is for the developer, complete without a stack trace. */
public final class BuildException extends RuntimeException {
  private final String message;

  public BuildException(String message) {
    super(message);
    this.message = message;
  }

  public BuildException(String message, Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return message;
  }
}
