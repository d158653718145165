package ristretto.tools.check.rule;

/** Sizes as people write them. */
final class Sizes {
  private static final long MIB = 1 << 20;

  private Sizes() {}

  static String text(long bytes) {
    return bytes >= MIB && bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes + " bytes";
  }
}
