package ristretto.compiler.c;

/** The method cannot be translated; caught where the method began, reported with its line. */
final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String advice;

  Unsupported(String what, String advice) {
    super(what, null, false, false);
    this.advice = advice;
  }

  String advice() {
    return advice;
  }

  String what() {
    return String.valueOf(getMessage());
  }
}
