package ristretto.twin;

/** Folds many results into one number; depends on their order. */
public final class Hash {
  private static final long PRIME = 0x100_0000_01b3L;

  private long value = 0xcbf2_9ce4_8422_2325L;

  public void add(long result) {
    value = (value ^ result) * PRIME;
    value ^= value >>> 29;
  }

  public void add(boolean result) {
    add(result ? 1 : 2);
  }

  public long value() {
    return value;
  }
}
