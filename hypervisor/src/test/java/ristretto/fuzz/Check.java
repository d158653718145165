package ristretto.fuzz;

import org.jspecify.annotations.Nullable;

/** What an audit expects. */
public final class Check {
  private Check() {}

  /** An AssertionError with that message, in the form of {@link String#format}, if it is not so. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation is not on the class path
  public static void check(boolean holds, String message, @Nullable Object... arguments) {
    if (!holds) {
      throw new AssertionError(message.formatted(arguments));
    }
  }
}
