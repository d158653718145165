package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Every operator of {@code long} on every pair of operands. JLS 15.15 to 15.25. */
@SuppressWarnings({"OperatorPrecedence", "IdentityBinaryExpression"}) // what is warned of is tested
public final class LongArithmetic implements Twin {
  @Override
  public String name() {
    return "LongArithmetic";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    long[] operands = new Operands(42).longs();
    unary(out, operands);
    binary(out, operands);
    division(out, operands);
    comparison(out, operands);
    selected(out, Long.MIN_VALUE, -1);
  }

  private static void unary(Out out, long[] operands) {
    Hash negated = new Hash();
    Hash inverted = new Hash();
    Hash stepped = new Hash();
    for (long a : operands) {
      negated.add(-a);
      inverted.add(~a);
      long b = a;
      stepped.add(b++);
      stepped.add(++b);
      stepped.add(b--);
      stepped.add(--b);
      b += 127;
      stepped.add(b);
      b -= 40_000;
      stepped.add(b);
    }
    out.hash("neg", negated.value());
    out.hash("not", inverted.value());
    out.hash("step", stepped.value());
  }

  private static void binary(Out out, long[] operands) {
    Hash add = new Hash();
    Hash sub = new Hash();
    Hash mul = new Hash();
    Hash and = new Hash();
    Hash or = new Hash();
    Hash xor = new Hash();
    Hash shl = new Hash();
    Hash shr = new Hash();
    Hash ushr = new Hash();
    for (long a : operands) {
      for (long b : operands) {
        add.add(a + b);
        sub.add(a - b);
        mul.add(a * b);
        and.add(a & b);
        or.add(a | b);
        xor.add(a ^ b);
        shl.add(a << b);
        shr.add(a >> b);
        ushr.add(a >>> b);
      }
    }
    out.hash("add", add.value());
    out.hash("sub", sub.value());
    out.hash("mul", mul.value());
    out.hash("and", and.value());
    out.hash("or", or.value());
    out.hash("xor", xor.value());
    out.hash("shl", shl.value());
    out.hash("shr", shr.value());
    out.hash("ushr", ushr.value());
  }

  private static void division(Out out, long[] operands) {
    Hash quotients = new Hash();
    Hash remainders = new Hash();
    for (long a : operands) {
      for (long b : operands) {
        if (b != 0) {
          quotients.add(a / b);
          remainders.add(a % b);
        }
      }
    }
    out.hash("div", quotients.value());
    out.hash("rem", remainders.value());
  }

  private static void comparison(Out out, long[] operands) {
    Hash hash = new Hash();
    int smaller = 0;
    for (long a : operands) {
      for (long b : operands) {
        hash.add(a < b);
        hash.add(a <= b);
        hash.add(a > b);
        hash.add(a >= b);
        hash.add(a == b);
        hash.add(a != b);
        smaller += a < b ? 1 : 0;
        if (a >= 0 && b >= 0 && a < b || a == 0) {
          smaller += 1000;
        }
      }
    }
    out.hash("compare", hash.value());
    out.line("smaller", smaller);
  }

  /** The cases that C leaves undefined or the hardware treats differently. */
  private static void selected(Out out, long smallest, long minusOne) {
    out.line("smallest / -1", smallest / minusOne);
    out.line("smallest % -1", smallest % minusOne);
    out.line("-smallest", -smallest);
    out.line("smallest - 1", smallest + minusOne);
    out.line("-1 >>> 1", minusOne >>> 1);
    out.line("-1 << 31", minusOne << 31);
    out.line("-1 << -1", minusOne << minusOne);
    out.line("-1 >> 70", minusOne >> 70);
    out.line("-1 >>> 70", minusOne >>> 70);
    out.line("-7 / 2", (minusOne * 7) / 2);
    out.line("-7 % 2", (minusOne * 7) % 2);
    out.line("7 % -2", (minusOne * -7) % -2);
  }
}
