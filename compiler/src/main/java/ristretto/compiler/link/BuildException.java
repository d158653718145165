package ristretto.compiler.link;

/** The image cannot be built; the message is for the developer, complete without a stack trace. */
public final class BuildException extends RuntimeException {
  public BuildException(String message) {
    super(message);
  }

  public BuildException(String message, Throwable cause) {
    super(message, cause);
  }
}
