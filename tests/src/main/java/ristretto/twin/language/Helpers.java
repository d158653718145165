package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** The static helpers of Integer, Long, Math and their like: unsigned arithmetic and bits. */
public final class Helpers implements Twin {
  @Override
  public String name() {
    return "Helpers";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    long[] operands = new Operands(99).longs();
    Hash ints = new Hash();
    Hash longs = new Hash();
    Hash math = new Hash();
    for (long a : operands) {
      unary(ints, (int) a);
      unary(longs, a);
      for (long b : operands) {
        binary(ints, (int) a, (int) b);
        binary(longs, a, b);
        math(math, (int) a, (int) b);
        math(math, a, b);
      }
    }
    out.hash("int", ints.value());
    out.hash("long", longs.value());
    out.hash("math", math.value());
    selected(out, -1, 0);
  }

  private static void unary(Hash hash, int a) {
    hash.add(Integer.toUnsignedLong(a));
    hash.add(Integer.numberOfLeadingZeros(a));
    hash.add(Integer.numberOfTrailingZeros(a));
    hash.add(Integer.bitCount(a));
    hash.add(Integer.reverse(a));
    hash.add(Integer.reverseBytes(a));
    hash.add(Integer.highestOneBit(a));
    hash.add(Integer.lowestOneBit(a));
    hash.add(Integer.signum(a));
    hash.add(Short.reverseBytes((short) a));
    hash.add(Byte.toUnsignedInt((byte) a));
    hash.add(Short.toUnsignedInt((short) a));
    hash.add(Math.abs(a));
  }

  private static void unary(Hash hash, long a) {
    hash.add(Long.numberOfLeadingZeros(a));
    hash.add(Long.numberOfTrailingZeros(a));
    hash.add(Long.bitCount(a));
    hash.add(Long.reverse(a));
    hash.add(Long.reverseBytes(a));
    hash.add(Long.highestOneBit(a));
    hash.add(Long.lowestOneBit(a));
    hash.add(Long.signum(a));
    hash.add(Math.abs(a));
    hash.add(Long.hashCode(a));
  }

  private static void binary(Hash hash, int a, int b) {
    hash.add(Integer.compare(a, b));
    hash.add(Integer.compareUnsigned(a, b) < 0);
    hash.add(Integer.compareUnsigned(a, b) >= 0);
    hash.add(Integer.rotateLeft(a, b));
    hash.add(Integer.rotateRight(a, b));
    hash.add(Integer.min(a, b));
    hash.add(Integer.max(a, b));
    hash.add(Integer.sum(a, b));
    if (b != 0) {
      hash.add(Integer.divideUnsigned(a, b));
      hash.add(Integer.remainderUnsigned(a, b));
    }
  }

  private static void binary(Hash hash, long a, long b) {
    hash.add(Long.compare(a, b));
    hash.add(Long.compareUnsigned(a, b) < 0);
    hash.add(Long.compareUnsigned(a, b) <= 0);
    hash.add(Long.compareUnsigned(a, b) == 0);
    hash.add(Long.compareUnsigned(a, b));
    hash.add(Long.rotateLeft(a, (int) b));
    hash.add(Long.rotateRight(a, (int) b));
    hash.add(Long.min(a, b));
    hash.add(Long.max(a, b));
    if (b != 0) {
      hash.add(Long.divideUnsigned(a, b));
      hash.add(Long.remainderUnsigned(a, b));
    }
  }

  private static void math(Hash hash, int a, int b) {
    hash.add(Math.min(a, b));
    hash.add(Math.max(a, b));
    if (b != 0) {
      hash.add(Math.floorDiv(a, b));
      hash.add(Math.floorMod(a, b));
    }
  }

  private static void math(Hash hash, long a, long b) {
    hash.add(Math.min(a, b));
    hash.add(Math.max(a, b));
    hash.add(Math.multiplyHigh(a, b));
    hash.add(Math.unsignedMultiplyHigh(a, b));
    if (b != 0) {
      hash.add(Math.floorDiv(a, b));
      hash.add(Math.floorMod(a, b));
    }
  }

  private static void selected(Out out, int minusOne, int zero) {
    out.line("nlz(0)", Integer.numberOfLeadingZeros(zero));
    out.line("ntz(0)", Long.numberOfTrailingZeros(zero));
    out.line("-1 /u 2", Integer.divideUnsigned(minusOne, 2));
    out.line("-1L /u 10", Long.divideUnsigned(minusOne, 10));
    out.line("-1L %u 10", Long.remainderUnsigned(minusOne, 10));
    out.line("abs(MIN)", Math.abs(Integer.MIN_VALUE + zero));
    out.text("-1 above 0 unsigned").flag(Integer.compareUnsigned(minusOne, zero) > 0).end();
  }
}
