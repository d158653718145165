package ristretto.twin.language;

import org.jspecify.annotations.Nullable;
import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Arrays of every element type, of arrays, and copies of them. JLS 10. */
@SuppressWarnings("ReferenceEquality") // what is warned of is tested
public final class Arrays implements Twin {
  private static final int[] PRIMES = {2, 3, 5, 7, 11, 13};
  private static final byte[] BYTES = {0, 127, -128, -1, (byte) 200};
  private static final long[][] TABLE = {{1, 2}, {}, {Long.MIN_VALUE, 3, 4}};
  private static final String[] NAMES = {"one", "two", "three"};
  private static final boolean[] FLAGS = {true, false, true};
  private static int[] changing = {1, 2, 3};

  private final char[] letters = {'a', '\u00e9', '\uffff'};

  @Override
  public String name() {
    return "Arrays";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    constants(out);
    elements(out);
    dimensions(out);
    copies(out);
    out.line("triangle", triangle(10));
    out.line("null length", lengthOr(null, -1) + lengthOr(PRIMES, 0));
  }

  private void constants(Out out) {
    Hash hash = new Hash();
    for (int prime : PRIMES) {
      hash.add(prime);
    }
    for (byte b : BYTES) {
      hash.add(b);
    }
    for (long[] row : TABLE) {
      hash.add(row.length);
      for (long value : row) {
        hash.add(value);
      }
    }
    for (boolean flag : FLAGS) {
      hash.add(flag);
    }
    for (char letter : letters) {
      hash.add(letter);
    }
    for (String name : NAMES) {
      hash.add(name.length());
    }
    changing[1] += PRIMES[5];
    hash.add(changing[1]);
    out.hash("constants", hash.value());
  }

  private static void elements(Out out) {
    byte[] bytes = new byte[5];
    short[] shorts = new short[5];
    char[] chars = new char[5];
    int[] ints = new int[5];
    long[] longs = new long[5];
    boolean[] booleans = new boolean[5];
    @Nullable Object[] objects = new @Nullable Object[5];
    Hash hash = new Hash();
    Operands operands = new Operands(31);
    for (int i = 0; i < 40; i++) {
      int at = operands.below(5);
      long value = operands.next();
      bytes[at] += (byte) value;
      shorts[at] -= (short) value;
      chars[at] ^= (char) value;
      ints[at] *= (int) value | 1;
      ints[at]++;
      longs[at] += value;
      longs[at] >>>= 1;
      booleans[at] = !booleans[at];
      objects[at] = objects[at] == null ? bytes : null;
    }
    for (int i = 0; i < 5; i++) {
      hash.add(bytes[i]);
      hash.add(shorts[i]);
      hash.add(chars[i]);
      hash.add(ints[i]);
      hash.add(longs[i]);
      hash.add(booleans[i]);
      hash.add(objects[i] == bytes);
    }
    out.hash("elements", hash.value());
    out.line("lengths", bytes.length + shorts.length * 10 + new long[0].length);
  }

  private static void dimensions(Out out) {
    int[][] grid = new int[3][4];
    long[][][] cube = new long[2][3][];
    cube[1][2] = new long[] {5, 6};
    for (int i = 0; i < grid.length; i++) {
      for (int j = 0; j < grid[i].length; j++) {
        grid[i][j] = i * 10 + j;
      }
    }
    grid[1] = new int[] {9};
    int sum = 0;
    for (int[] row : grid) {
      for (int value : row) {
        sum += value;
      }
    }
    out.line("grid", sum);
    out.text("cube").flag(cube[0][2] == null).dec(cube[1][2][1]).end();
    Object[] rows = grid;
    out.text("row is int[]").flag(rows[1] instanceof int[]).flag(rows instanceof int[][]).end();
  }

  private static void copies(Out out) {
    int[] ints = new int[10];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = i;
    }
    System.arraycopy(ints, 0, ints, 2, 6);
    print(out, ints);
    System.arraycopy(ints, 4, ints, 1, 6);
    print(out, ints);
    System.arraycopy(ints, 10, ints, 0, 0);
    byte[] from = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    byte[] to = new byte[9];
    System.arraycopy(from, 1, to, 2, 5);
    out.line("bytes", to[1] * 1000 + to[2] * 100 + to[6] * 10 + to[7]);
    String[] names = new String[2];
    System.arraycopy(NAMES, 1, names, 0, 2);
    out.text(names[0]).text(names[1]).end();
    int[] clone = ints.clone();
    clone[0] = -1;
    out.line("clone", clone.length * 100 + ints[0]);
  }

  private static void print(Out out, int[] values) {
    for (int value : values) {
      out.dec(value);
    }
    out.end();
  }

  private static int triangle(int size) {
    int[][] pascal = new int[size][];
    for (int i = 0; i < size; i++) {
      pascal[i] = new int[i + 1];
      pascal[i][0] = 1;
      pascal[i][i] = 1;
      for (int j = 1; j < i; j++) {
        pascal[i][j] = pascal[i - 1][j - 1] + pascal[i - 1][j];
      }
    }
    return pascal[size - 1][size / 2];
  }

  private static int lengthOr(int @Nullable [] array, int other) {
    return array == null ? other : array.length;
  }
}
