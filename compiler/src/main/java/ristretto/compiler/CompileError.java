package ristretto.compiler;

import java.util.List;

/**
 * The program breaks a rule of the image: one message a violation, {@code File.java:line: what;
 * what to do}.
 */
public final class CompileError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> messages;

  public CompileError(List<String> messages) {
    super(String.join("\n", messages));
    this.messages = List.copyOf(messages);
  }

  public CompileError(String message) {
    this(List.of(message));
  }

  public List<String> messages() {
    return messages;
  }
}
