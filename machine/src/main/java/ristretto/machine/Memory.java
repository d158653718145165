package ristretto.machine;

import ristretto.lang.Inline;
import ristretto.lang.Intrinsic;

/**
 * Raw memory at hypervisor addresses. Hypervisor addresses of RAM and devices equal physical
 * addresses. Each load and store is exactly one single-register access of that width without
 * writeback, never merged, moved or left out. Values narrower than the return type are
 * zero-extended ({@code load8}, {@code load16}); {@code load32} returns the 32 bits.
 */
public final class Memory {
  private Memory() {}

  @Intrinsic
  public static int load8(long address) {
    return (int) Machine.current().load(address, 1);
  }

  @Intrinsic
  public static int load16(long address) {
    return (int) Machine.current().load(address, 2);
  }

  @Intrinsic
  public static int load32(long address) {
    return (int) Machine.current().load(address, 4);
  }

  @Intrinsic
  public static long load64(long address) {
    return Machine.current().load(address, 8);
  }

  @Intrinsic
  public static void store8(long address, int value) {
    Machine.current().store(address, 1, value);
  }

  @Intrinsic
  public static void store16(long address, int value) {
    Machine.current().store(address, 2, value);
  }

  @Intrinsic
  public static void store32(long address, int value) {
    Machine.current().store(address, 4, value);
  }

  @Intrinsic
  public static void store64(long address, long value) {
    Machine.current().store(address, 8, value);
  }

  /** LDAR: later accesses are not observed before this one. */
  @Intrinsic
  public static int load32Acquire(long address) {
    return (int) Machine.current().load(address, 4);
  }

  /** LDAR: later accesses are not observed before this one. */
  @Intrinsic
  public static long load64Acquire(long address) {
    return Machine.current().load(address, 8);
  }

  /** STLR: earlier accesses are observed before this one. */
  @Intrinsic
  public static void store32Release(long address, int value) {
    Machine.current().store(address, 4, value);
  }

  /** STLR: earlier accesses are observed before this one. */
  @Intrinsic
  public static void store64Release(long address, long value) {
    Machine.current().store(address, 8, value);
  }

  /**
   * One attempt to replace 16 bits, with acquire and release ordering; returns what was there.
   * Bounded, so that a guest that shares the word cannot hold the CPU.
   */
  @Intrinsic
  public static int compareAndExchange16(long address, int expected, int update) {
    return (int)
        Machine.current().compareAndExchange(address, 2, expected & 0xffff, update & 0xffff);
  }

  /** One attempt to replace 32 bits, with acquire and release ordering; returns what was there. */
  @Intrinsic
  public static int compareAndExchange32(long address, int expected, int update) {
    return (int)
        Machine.current()
            .compareAndExchange(
                address, 4, Integer.toUnsignedLong(expected), Integer.toUnsignedLong(update));
  }

  /** One attempt to replace 64 bits, with acquire and release ordering; returns what was there. */
  @Intrinsic
  public static long compareAndExchange64(long address, long expected, long update) {
    return Machine.current().compareAndExchange(address, 8, expected, update);
  }

  /** Copies {@code size} bytes between two blocks of RAM that do not overlap. */
  @Intrinsic
  public static void copy(long target, long source, long size) {
    Machine.current().copy(target, source, size);
  }

  /** Fills {@code size} bytes of RAM with zero. */
  @Intrinsic
  public static void zero(long target, long size) {
    Machine.current().zero(target, size);
  }

  /** Sets bits of a 64-bit word that a guest may write too; returns what was there. */
  @Inline
  public static long getAndOr64(long address, long bits) {
    long seen = load64(address);
    while (true) {
      long was = compareAndExchange64(address, seen, seen | bits);
      if (was == seen) {
        return was;
      }
      seen = was;
    }
  }
}
