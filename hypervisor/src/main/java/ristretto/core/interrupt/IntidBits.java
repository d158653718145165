package ristretto.core.interrupt;

import ristretto.lang.Inline;

/** Sets of INTIDs: a bit each in words of 32, as the registers of the distributor have them. */
final class IntidBits {
  private IntidBits() {}

  @Inline
  static boolean contains(int[] words, int intid) {
    return (words[intid >>> 5] >>> (intid & 31) & 1) != 0;
  }

  @Inline
  static void add(int[] words, int intid) {
    words[intid >>> 5] |= 1 << (intid & 31);
  }

  @Inline
  static void remove(int[] words, int intid) {
    words[intid >>> 5] &= ~(1 << (intid & 31));
  }
}
