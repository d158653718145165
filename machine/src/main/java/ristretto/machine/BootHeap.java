package ristretto.machine;

import ristretto.lang.Intrinsic;

/**
 * Where {@code new} takes memory from while booting. The JVM has a heap of its own, so there the
 * bodies only keep the books.
 */
public final class BootHeap {
  private BootHeap() {}

  /** Gives the allocator {@code size} zeroed bytes at the hypervisor address {@code base}. */
  @Intrinsic
  public static void give(long base, long size) {}

  /** From here on an allocation is a fault. */
  @Intrinsic
  public static void seal() {}

  /** Bytes allocated so far. */
  @Intrinsic
  public static long used() {
    return 0;
  }
}
