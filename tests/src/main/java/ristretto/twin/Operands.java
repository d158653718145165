package ristretto.twin;

/** Numbers to compute with: the extremes, then a stream that is the same in every run. */
public final class Operands {
  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    2,
    -2,
    3,
    7,
    10,
    -10,
    31,
    32,
    33,
    63,
    64,
    65,
    127,
    128,
    -128,
    -129,
    255,
    256,
    32767,
    32768,
    -32768,
    -32769,
    65535,
    65536,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_ffffL,
    0x1_0000_0000L,
    -0x8000_0000L,
    -0x8000_0001L,
    0x7fff_ffff_ffff_fffeL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    0x5555_5555_5555_5555L,
    0xaaaa_aaaa_aaaa_aaaaL,
    0x0123_4567_89ab_cdefL
  };

  private static final int RANDOM = 24;

  private long state;

  public Operands(long seed) {
    state = seed;
  }

  /** Marsaglia's xorshift64. */
  public long next() {
    long x = state;
    x ^= x << 13;
    x ^= x >>> 7;
    x ^= x << 17;
    state = x;
    return x;
  }

  /** A number that is not negative and below {@code bound}. */
  public int below(int bound) {
    return (int) Long.remainderUnsigned(next(), bound);
  }

  /** The extremes, then random ones of every magnitude. */
  public long[] longs() {
    long[] values = new long[EXTREMES.length + RANDOM];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < EXTREMES.length ? EXTREMES[i] : next() >> below(64);
    }
    return values;
  }

  /** The low halves of {@link #longs()}. */
  public int[] ints() {
    long[] wide = longs();
    int[] values = new int[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) wide[i];
    }
    return values;
  }
}
