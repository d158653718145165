package ristretto.lang;

/** Bit fields, written as the manuals print them: {@code [hi:lo]}, both ends included. */
public final class Bits {
  private Bits() {}

  /** The field [hi:lo] of {@code bits}, moved to bit 0. */
  @Inline
  public static long get(long bits, int hi, int lo) {
    return (bits >>> lo) & mask(hi - lo, 0);
  }

  /** The field [hi:lo] of {@code bits}, moved to bit 0. */
  @Inline
  public static int get(int bits, int hi, int lo) {
    return (bits >>> lo) & (int) mask(hi - lo, 0);
  }

  /** {@code bits} with the field [hi:lo] replaced by the low bits of {@code value}. */
  @Inline
  public static long put(long bits, int hi, int lo, long value) {
    return (bits & ~mask(hi, lo)) | ((value << lo) & mask(hi, lo));
  }

  /** {@code bits} with the field [hi:lo] replaced by the low bits of {@code value}. */
  @Inline
  public static int put(int bits, int hi, int lo, int value) {
    return (int) put((long) bits, hi, lo, value);
  }

  @Inline
  public static boolean isSet(long bits, int bit) {
    return (bits >>> bit & 1) != 0;
  }

  /** {@code bits} with one bit set or cleared. */
  @Inline
  public static long with(long bits, int bit, boolean value) {
    return value ? bits | 1L << bit : bits & ~(1L << bit);
  }

  /** A word with only {@code bit} set. */
  @Inline
  public static long bit(int bit) {
    return 1L << bit;
  }

  /** Ones in [hi:lo]. */
  @Inline
  public static long mask(int hi, int lo) {
    return -1L >>> (63 - (hi - lo)) << lo;
  }

  /** {@code value} with bit {@code sign} copied to all bits above it. */
  @Inline
  public static long signExtend(long value, int sign) {
    return value << (63 - sign) >> (63 - sign);
  }

  /** {@code value} rounded down to a multiple of {@code alignment}, a power of two. */
  @Inline
  public static long alignDown(long value, long alignment) {
    return value & -alignment;
  }

  /** {@code value} rounded up to a multiple of {@code alignment}, a power of two; wraps at 2^64. */
  @Inline
  public static long alignUp(long value, long alignment) {
    return value + alignment - 1 & -alignment;
  }

  @Inline
  public static boolean isAligned(long value, long alignment) {
    return (value & alignment - 1) == 0;
  }
}
