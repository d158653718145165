package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Loops, labels, conditions and the order in which operands are evaluated. JLS 14, 15.7. */
@SuppressWarnings({
  "OperatorPrecedence",
  "UnnecessaryParentheses",
  "LabelledBreakTarget",
  "ShortCircuitBoolean",
  "AssignmentExpression",
  "IdentityBinaryExpression"
}) // what is warned of is tested
public final class ControlFlow implements Twin {
  private int calls;
  private int[] order = new int[4];

  @Override
  public String name() {
    return "ControlFlow";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    out.line("labels", labels());
    out.line("collatz", collatz(27));
    out.line("ackermann", ackermann(2, 3));
    out.line("gcd", gcd(1071, 462));
    Hash conditions = new Hash();
    for (int value : new Operands(23).ints()) {
      conditions.add(condition(value, value >> 3, value << 7));
      conditions.add(value < 0 ? value > -100 ? 1 : 2 : value < 100 ? 3 : 4);
      conditions.add(bool(value > 0) & bool(value < 9) | bool(value == 3) ^ bool(value != 4));
    }
    out.hash("conditions", conditions.value());
    out.line("calls", calls);
    evaluationOrder(out);
    out.line("do", countDown(5));
  }

  private static int labels() {
    int found = 0;
    outer:
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 10; j++) {
        if (j > i) {
          continue outer;
        }
        if (i * j == 42) {
          break outer;
        }
        found += i ^ j;
      }
    }
    block:
    {
      if (found > 10) {
        break block;
      }
      found = -1;
    }
    return found;
  }

  private static int collatz(long start) {
    int steps = 0;
    for (long n = start; n != 1; steps++) {
      n = n % 2 == 0 ? n / 2 : 3 * n + 1;
    }
    return steps;
  }

  private static int ackermann(int m, int n) {
    if (m == 0) {
      return n + 1;
    }
    return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
  }

  private static long gcd(long a, long b) {
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  private static int countDown(int from) {
    int sum = 0;
    do {
      sum = sum * 10 + from;
    } while (--from > 0);
    return sum;
  }

  private static boolean condition(int a, int b, int c) {
    boolean result = a > b && b > c || !(a == c) && (b < 0 || c > 0);
    if (!result == (a < c)) {
      result = !result;
    }
    return result;
  }

  private boolean bool(boolean value) {
    calls++;
    return value;
  }

  private int next(int value) {
    order[calls++ & 3] = value;
    return value;
  }

  private void evaluationOrder(Out out) {
    calls = 0;
    int result = next(1) - next(2) * next(3) + next(4);
    out.line("result", result);
    out.line("order", ((order[0] * 10 + order[1]) * 10 + order[2]) * 10 + order[3]);
    int i = 1;
    int[] array = new int[4];
    array[i] = i = 3;
    out.line("array[1]", array[1]);
    i = 1;
    array[i++] = array[i] + i++ * 100;
    out.line("array[1]", array[1]);
    array[--i] += i++ + ++i;
    out.line("array[2]", array[2]);
    i = 5;
    i = i++ + ++i - i--;
    out.line("i", i);
    long[] wide = {1, 2, 3};
    int at = 0;
    wide[at++] += wide[at]++ + wide[++at]--;
    out.line("wide", wide[0] * 100 + wide[1] * 10 + wide[2]);
    int x;
    int y;
    int z = x = y = 9;
    out.line("chain", x + y + z);
    calls = 0;
    if (bool(false) && bool(true) || bool(true) | bool(true)) {
      out.line("short circuit", calls);
    }
  }
}
