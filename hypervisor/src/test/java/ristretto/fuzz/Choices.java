package ristretto.fuzz;

import java.util.Random;

/** Where decisions come from: a seed, or the bytes of a fuzzer. */
public interface Choices {
  /** A number from 0 to {@code bound}, exclusive. */
  int below(int bound);

  /** Any number. */
  long any();

  /** There is something left to decide with. */
  boolean hasMore();

  default boolean oneIn(int times) {
    return below(times) == 0;
  }

  default long of(long... values) {
    return values[below(values.length)];
  }

  /** The same decisions for the same seed, without end. */
  static Choices seeded(long seed) {
    Random random = new Random(seed);
    return new Choices() {
      @Override
      public int below(int bound) {
        return random.nextInt(bound);
      }

      @Override
      public long any() {
        return random.nextLong();
      }

      @Override
      public boolean hasMore() {
        return true;
      }
    };
  }
}
