package ristretto.twin.language;

import ristretto.machine.Memory;
import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/**
 * Operands are evaluated from left to right, and a value that was read stays as it was. JLS 15.7.
 */
@SuppressWarnings({
  "AssignmentExpression",
  "IdentityBinaryExpression",
  "OperatorPrecedence",
  "NonAtomicVolatileUpdate",
  "UnnecessaryParentheses",
  "AlreadyChecked",
  "MultipleUnaryOperatorsInMethodCall",
  "NarrowCalculation",
  "ShortCircuitBoolean"
}) // what is warned of is tested
public final class EvaluationOrder implements Twin {
  private static int counter = 5;
  private static volatile int loud = 7;
  private static long wide = 11;

  private int field = 3;
  private long longField = 4;
  private int[] array = {1, 2, 3, 4, 5};
  private final long[] longs = {10, 20, 30};

  @Override
  public String name() {
    return "EvaluationOrder";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    out.line("locals", locals(2));
    out.line("arguments", arguments(1));
    out.line("fields", fields());
    out.line("statics", statics());
    out.line("elements", elements());
    out.line("memory", memory());
    out.line("duplicates", duplicates());
    out.line("long duplicates", longDuplicates());
    out.line("chains", chains());
    out.line("conditional", conditional(3));
    out.line("loop", loop());
    out.line("swap", swap(5, 9));
    out.line("compare", compare(-3, 4));
    Hash hash = new Hash();
    for (int value : array) {
      hash.add(value);
    }
    for (long value : longs) {
      hash.add(value);
    }
    out.hash("state", hash.value());
  }

  private static int locals(int i) {
    int a = i + (i = 10) * i;
    int b = i++ * 100 + i * 10 + ++i;
    int c = i - (i -= 3) - i;
    int d = -i + (i = -i) + i--;
    return ((a * 31 + b) * 31 + c) * 31 + d + i;
  }

  private static int arguments(int i) {
    int first = list(i, i = 5, i, i++);
    int second = list(i++, list(i, i++, i, ++i), i, i = 0);
    return first * 7 + second + i;
  }

  private static int list(int a, int b, int c, int d) {
    return ((a * 10 + b) * 10 + c) * 10 + d;
  }

  private int fields() {
    int a = field + bump() * field;
    int b = field - (field = 20) - field;
    int c = field++ + this.field + bump();
    long d = longField + (longField = longField * 3) + longField--;
    return (int) (((a * 31 + b) * 31 + c) * 31 + d);
  }

  private int bump() {
    field += 2;
    longField++;
    return field;
  }

  private static int statics() {
    int a = counter + next() + counter;
    int b = counter * (counter = 2) + counter;
    int c = loud + (loud = 1) + loud++ + loud;
    long d = wide - (wide >>= 1) * wide++;
    return (int) (((a * 31 + b) * 31 + c) * 31 + d + wide);
  }

  private static int next() {
    return counter++;
  }

  private int elements() {
    int i = 0;
    int a = array[i] + (array[i] = 50) + array[i++];
    int b = array[i] * (array = new int[] {9, 8, 7, 6, 5})[i];
    int c = array[i++] - array[i] + (array[i] = array[i - 1]++) + array[1];
    int d = array[(i = 4)] + i + array[--i]--;
    return ((a * 31 + b) * 31 + c) * 31 + d;
  }

  private static long memory() {
    long at = RawMemory.BASE + 0x8000;
    Memory.store64(at, 5);
    long a = Memory.load64(at) + store(at, 8) + Memory.load64(at);
    return a * 100 + Memory.load32(at) * Memory.load8(at + 1);
  }

  private static long store(long at, long value) {
    Memory.store64(at, value);
    return value * 2;
  }

  /** dup, dup_x1, dup_x2, dup2, dup2_x1. */
  private int duplicates() {
    int x = 3;
    int a = x = 4;
    int b = field = 9;
    int c = array[2] = x++;
    int d = array[2]++;
    int e = array[2] += 5;
    int f = ++field;
    int g = field--;
    int h = counter++ + ++counter;
    int i = array[array[3] = 1] = array[3];
    return ((((((((a * 7 + b) * 7 + c) * 7 + d) * 7 + e) * 7 + f) * 7 + g) * 7 + h) * 7 + i);
  }

  /** dup2, dup2_x1, dup2_x2. */
  private long longDuplicates() {
    long x = 3;
    long a = x = 4;
    long b = longField = 9;
    long c = longs[2] = x++;
    long d = longs[2]++;
    long e = longs[1] += 5;
    long f = --longField;
    long g = longField++;
    long h = wide++ + ++wide;
    long i = longs[(int) (longs[0] = 1)] = longs[0]--;
    return ((((((((a * 7 + b) * 7 + c) * 7 + d) * 7 + e) * 7 + f) * 7 + g) * 7 + h) * 7 + i);
  }

  private long chains() {
    int i = 1;
    long total = longField = field = array[i] = i = 2;
    total += array[1] * 10 + i + field + longField;
    array[i] = array[i - 1] = i = 0;
    return total * 100 + array[2] + array[1] + array[0];
  }

  private int conditional(int x) {
    int a = (x > 2 ? x = 1 : (x = 7)) + x;
    int b = x + (x++ == 1 && x++ == 2 || x++ > 0 ? x : -x) * x;
    boolean c = (x > 1) ^ (x = 0) == 0 & x == 0;
    int d = c ? field : field++ + (c ? 1 : array[0]);
    return (a * 31 + b) * 31 + d + field;
  }

  private static int loop() {
    int a = 0;
    int b = 1;
    int sum = 0;
    for (int i = 0, j = 10; i < j; i++, j -= i & 1, sum += i * j) {
      int old = a;
      a = b;
      b = old + b;
    }
    while (sum-- > 100 && (sum -= a) > 0) {
      b ^= sum;
    }
    return sum * 1000 + b;
  }

  private static int swap(int a, int b) {
    for (int i = 0; i < 3; i++) {
      int kept = a;
      a = b;
      b = kept + i;
    }
    a = a + b - (b = a);
    return a * 100 + b;
  }

  /** The three-way result of a comparison kept and used later. */
  private static int compare(long a, long b) {
    int less = Long.compare(a, b);
    int more = Long.compareUnsigned(a, b);
    boolean between = a < b && -b < a;
    int sign = a < 0 ? -1 : a == 0 ? 0 : 1;
    return less * 1000 + more * 100 + sign * 10 + (between ? 1 : 2);
  }
}
