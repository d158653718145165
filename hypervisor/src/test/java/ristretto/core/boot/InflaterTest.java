package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import ristretto.fdt.StrictMemory;
import ristretto.lang.BootException;

class InflaterTest {
  private static final long OUTPUT = StrictMemory.BASE + 0x10_0000;

  static byte[] gzip(byte[] content, int level) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (OutputStream stream =
        new GZIPOutputStream(file) {
          {
            def.setLevel(level);
          }
        }) {
      stream.write(content);
    }
    return file.toByteArray();
  }

  /** Text, zeros and noise: something for every kind of block. */
  private static byte[] content(int size, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; ) {
      int run = Math.min(size - i, 1 + random.nextInt(600));
      int kind = random.nextInt(3);
      for (int j = 0; j < run; j++, i++) {
        bytes[i] =
            (byte)
                (kind == 0 ? 0 : kind == 1 ? "the quick brown ".charAt(j % 16) : random.nextInt());
      }
    }
    return bytes;
  }

  private static long inflate(byte[] file, long limit, StrictMemory memory) {
    return memory.call(() -> {
      Inflater inflater = new Inflater(StrictMemory.BASE, file.length, OUTPUT, limit);
      long size = inflater.run();
      if (!inflater.isTruncated()) {
        inflater.verify();
      }
      return size;
    });
  }

  @Test
  void expandsWhatTheJdkCompresses() throws IOException {
    for (int size : new int[] {0, 1, 65, 1000, 100_000, 400_000}) {
      for (int level : new int[] {Deflater.NO_COMPRESSION, 1, 6, 9}) {
        byte[] content = content(size, size + level);
        byte[] file = gzip(content, level);
        StrictMemory memory = new StrictMemory(file, 0x20_0000);
        assertEquals(size, inflate(file, size, memory));
        assertArrayEquals(content, memory.read(OUTPUT, size));
      }
    }
  }

  @Test
  void stopsAtTheLimit() throws IOException {
    byte[] file = gzip(new byte[1_000_000], 9);
    StrictMemory memory = new StrictMemory(file, 0x10_0000 + 64);
    assertEquals(64, inflate(file, 64, memory));
  }

  @Test
  void readsOptionalHeaderFields() throws IOException {
    byte[] plain = gzip("kernel".getBytes(StandardCharsets.UTF_8), 6);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(plain, 0, 3);
    file.write(4 | 8 | 16 | 2);
    file.write(plain, 4, 6);
    file.write(new byte[] {2, 0, 9, 9});
    file.write("Image\0a comment\0cc".getBytes(StandardCharsets.UTF_8));
    file.write(plain, 10, plain.length - 10);
    StrictMemory memory = new StrictMemory(file.toByteArray(), 0x20_0000);
    assertEquals(6, inflate(file.toByteArray(), 100, memory));
    assertEquals('k', memory.read(OUTPUT, 1)[0]);
  }

  @Test
  void noticesAWrongCheckSumAndAnEarlyEnd() throws IOException {
    byte[] file = gzip(content(5000, 1), 6);
    byte[] wrong = file.clone();
    wrong[wrong.length - 6] ^= 1;
    BootException e =
        assertThrows(
            BootException.class, () -> inflate(wrong, 5000, new StrictMemory(wrong, 0x20_0000)));
    assertTrue(e.getMessage().contains("check sum"), e.getMessage());
    byte[] half = Arrays.copyOf(file, file.length / 2);
    assertThrows(BootException.class, () -> inflate(half, 5000, new StrictMemory(half, 0x20_0000)));
  }

  @Test
  void survivesMutation() throws IOException {
    byte[] file = gzip(content(3000, 2), 6);
    long seed = Long.getLong("ristretto.seed", 7);
    Random random = new Random(seed);
    for (int round = 0; round < 800; round++) {
      byte[] damaged = file.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        damaged[3 + random.nextInt(damaged.length - 3)] = (byte) random.nextInt();
      }
      // The output ends where the memory ends: a byte too many would be seen.
      StrictMemory memory = new StrictMemory(damaged, 0x10_0000 + 3000);
      try {
        inflate(damaged, 3000, memory);
      } catch (BootException e) {
        assertTrue(e.getMessage().startsWith("the compressed file is damaged"));
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + " round " + round, e);
      }
    }
  }
}
