package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Division by constants, which compilers turn into multiplications and shifts. */
public final class ConstantDivision implements Twin {
  @Override
  public String name() {
    return "ConstantDivision";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Hash ints = new Hash();
    Hash longs = new Hash();
    for (long value : new Operands(7).longs()) {
      divide(ints, (int) value);
      divide(longs, value);
      mixed(longs, value, (int) (value >>> 20));
    }
    out.hash("int", ints.value());
    out.hash("long", longs.value());
  }

  private static void divide(Hash hash, int a) {
    hash.add(a / 1);
    hash.add(a / -1);
    hash.add(a / 2);
    hash.add(a % 2);
    hash.add(a / -2);
    hash.add(a % -2);
    hash.add(a / 3);
    hash.add(a % 3);
    hash.add(a / 7);
    hash.add(a % 10);
    hash.add(a / 4096);
    hash.add(a % 4096);
    hash.add(a / 1_000_000_007);
    hash.add(a / Integer.MIN_VALUE);
    hash.add(a % Integer.MIN_VALUE);
    hash.add(a / Integer.MAX_VALUE);
  }

  private static void divide(Hash hash, long a) {
    hash.add(a / 1);
    hash.add(a / -1);
    hash.add(a / 2);
    hash.add(a % 2);
    hash.add(a / -2);
    hash.add(a / 3);
    hash.add(a % 3);
    hash.add(a / 10);
    hash.add(a % 10);
    hash.add(a / 62_500_000);
    hash.add(a % 62_500_000);
    hash.add(a / 0x4000_0000L);
    hash.add(a % 0x4000_0000L);
    hash.add(a / Long.MIN_VALUE);
    hash.add(a % Long.MIN_VALUE);
    hash.add(a / Long.MAX_VALUE);
  }

  /** An int operand is widened first. */
  private static void mixed(Hash hash, long a, int b) {
    if (b != 0) {
      hash.add(a / b);
      hash.add(a % b);
    }
    hash.add(b / 10L);
    hash.add(a * b);
    hash.add(a + b);
  }
}
