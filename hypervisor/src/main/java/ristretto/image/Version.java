package ristretto.image;

/** What this is called in logs. */
final class Version {
  static final String TEXT = "0.1";

  private Version() {}
}
