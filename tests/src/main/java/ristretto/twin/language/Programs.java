package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** Small whole programs, where an error of any part shows in the result. */
@SuppressWarnings("OperatorPrecedence") // what is warned of is tested
public final class Programs implements Twin {
  private static final int[] CRC_TABLE = crcTable();
  private static final int[] SHA_K = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5
  };

  @Override
  public String name() {
    return "Programs";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    byte[] data = new byte[1000];
    Operands operands = new Operands(77);
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) operands.next();
    }
    out.hash("crc32", crc(data) & 0xffff_ffffL);
    out.hash("adler32", adler(data) & 0xffff_ffffL);
    out.hash("mix", mix(data));
    out.line("primes", primes(10_000));
    sort(out, operands);
    out.line("queens", queens(6, 0, 0, 0));
    matrix(out, operands);
    fibonacci(out);
  }

  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) != 0 ? value >>> 1 ^ 0xedb88320 : value >>> 1;
      }
      table[i] = value;
    }
    return table;
  }

  private static int crc(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc = crc >>> 8 ^ CRC_TABLE[(crc ^ b) & 0xff];
    }
    return ~crc;
  }

  private static int adler(byte[] data) {
    int a = 1;
    int b = 0;
    for (byte value : data) {
      a = (a + (value & 0xff)) % 65521;
      b = (b + a) % 65521;
    }
    return b << 16 | a;
  }

  /** The round function of SHA-256, with too few constants. */
  private static long mix(byte[] data) {
    int a = 0x6a09e667;
    int e = 0x510e527f;
    for (int i = 0; i + 4 <= data.length; i += 4) {
      int word = data[i] << 24 | (data[i + 1] & 255) << 16 | (data[i + 2] & 255) << 8 | data[i + 3];
      int s1 = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
      int choice = e & a ^ ~e & word;
      int t = s1 + choice + SHA_K[i >> 2 & 7] + word;
      int s0 = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
      e = a + t;
      a = t + s0;
    }
    return (long) a << 32 | e & 0xffff_ffffL;
  }

  private static int primes(int limit) {
    boolean[] composite = new boolean[limit];
    int count = 0;
    for (int i = 2; i < limit; i++) {
      if (!composite[i]) {
        count++;
        for (int j = i + i; j < limit; j += i) {
          composite[j] = true;
        }
      }
    }
    return count;
  }

  private static void sort(Out out, Operands operands) {
    long[] values = new long[500];
    for (int i = 0; i < values.length; i++) {
      values[i] = operands.next() >> operands.below(60);
    }
    quicksort(values, 0, values.length - 1);
    Hash hash = new Hash();
    boolean sorted = true;
    for (int i = 0; i < values.length; i++) {
      hash.add(values[i]);
      sorted &= i == 0 || values[i - 1] <= values[i];
    }
    out.text("sorted").flag(sorted).hex(hash.value()).end();
  }

  private static void quicksort(long[] values, int low, int high) {
    if (low >= high) {
      return;
    }
    long pivot = values[(low + high) >>> 1];
    int i = low;
    int j = high;
    while (i <= j) {
      while (values[i] < pivot) {
        i++;
      }
      while (values[j] > pivot) {
        j--;
      }
      if (i <= j) {
        long kept = values[i];
        values[i++] = values[j];
        values[j--] = kept;
      }
    }
    quicksort(values, low, j);
    quicksort(values, i, high);
  }

  private static int queens(int size, int columns, int left, int right) {
    int all = (1 << size) - 1;
    if (columns == all) {
      return 1;
    }
    int count = 0;
    int free = all & ~(columns | left | right);
    while (free != 0) {
      int bit = free & -free;
      free ^= bit;
      count += queens(size, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return count;
  }

  private static void matrix(Out out, Operands operands) {
    int size = 12;
    long[][] a = new long[size][size];
    long[][] b = new long[size][size];
    long[][] product = new long[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        a[i][j] = operands.next();
        b[i][j] = operands.next();
      }
    }
    Hash hash = new Hash();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < size; k++) {
          product[i][j] += a[i][k] * b[k][j];
        }
        hash.add(product[i][j]);
      }
    }
    out.hash("matrix", hash.value());
  }

  private static void fibonacci(Out out) {
    long a = 0;
    long b = 1;
    for (int i = 0; i < 100; i++) {
      long next = a + b;
      a = b;
      b = next;
    }
    out.line("fibonacci", a);
  }
}
