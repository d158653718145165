package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.fdt.FdtNode;
import ristretto.fdt.StrictMemory;
import ristretto.lang.BootException;

class KernelImageTest {
  private static final long SCRATCH = StrictMemory.BASE + 0x3f_0000;
  private static final long TARGET = StrictMemory.BASE + 0x20_0000;

  static byte[] image(long textOffset, long imageSize, long flags, int fileSize) {
    byte[] file = new byte[fileSize];
    new Random(5).nextBytes(file);
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(8, textOffset).putLong(16, imageSize).putLong(24, flags);
    header.putInt(56, 0x644d5241);
    return file;
  }

  private static StrictMemory with(byte[] file, Consumer<KernelImage> check) {
    StrictMemory memory = new StrictMemory(file, 0x40_0000);
    memory.run(() ->
        check.accept(
            KernelImage.inspect(
                new BootModule(
                    BootModule.Kind.KERNEL, new FdtNode(0), StrictMemory.BASE, file.length),
                SCRATCH)));
    return memory;
  }

  private static void refused(byte[] file, String part) {
    BootException e = assertThrows(BootException.class, () -> with(file, kernel -> {}));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void loadsAnImage() {
    byte[] file = image(0x8_0000, 0x9000, 0xa, 0x5000);
    StrictMemory memory =
        with(
            file,
            kernel -> {
              assertEquals(-1, kernel.placeToStay());
              assertEquals(0x8_9000, kernel.size());
              kernel.load(TARGET);
              assertEquals(TARGET + 0x8_0000, kernel.entry(TARGET));
            });
    assertArrayEquals(file, memory.read(TARGET + 0x8_0000, file.length));
  }

  @Test
  void leavesAnImageWhereItCanRun() {
    with(image(0, 0x9000, 0xa, 0x5000), k -> assertEquals(StrictMemory.BASE, k.placeToStay()));
  }

  @Test
  void loadsACompressedImage() throws IOException {
    byte[] file = image(0, 0x9000, 0xa, 0x5000);
    StrictMemory memory =
        with(
            InflaterTest.gzip(file, 6),
            kernel -> {
              assertEquals(-1, kernel.placeToStay());
              assertEquals(0x9000, kernel.size());
              kernel.load(TARGET);
              assertEquals(TARGET, kernel.entry(TARGET));
            });
    assertArrayEquals(file, memory.read(TARGET, file.length));
  }

  @Test
  void refusesACompressedImageThatGrowsTooLarge() throws IOException {
    byte[] bomb = InflaterTest.gzip(image(0, 0x1000, 0xa, 0x5000), 6);
    BootException e =
        assertThrows(BootException.class, () -> with(bomb, kernel -> kernel.load(TARGET)));
    assertTrue(e.getMessage().contains("image_size"));
  }

  @Test
  void refusesHeadersThatCannotBe() throws IOException {
    refused(image(0, 0x9000, 1, 0x100), "big endian");
    refused(image(-4096, 0x9000, 0, 0x100), "text_offset");
    refused(image(0x200000, 0x9000, 0, 0x100), "text_offset");
    refused(image(0, 0, 0, 0x100), "image_size");
    refused(image(0, -1, 0, 0x100), "image_size");
    refused(new byte[64], "not an arm64 Image");
    refused(new byte[8], "not an arm64 Image");
    refused(InflaterTest.gzip(new byte[1000], 6), "not an arm64 Image");
  }

  /** One segment of 0x40 bytes with 0x30 in the file, at {@code physical}. */
  static byte[] elf(long virtual, long physical, long entry) {
    byte[] file = new byte[64 + 56 + 0x30];
    Arrays.fill(file, 120, file.length, (byte) 7);
    ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(0, 0x464c457f).putShort(4, (short) 0x0102);
    b.putShort(16, (short) 2).putShort(18, (short) 183).putLong(24, entry).putLong(32, 64);
    b.putShort(54, (short) 56).putShort(56, (short) 1);
    b.putInt(64, 1).putLong(72, 120).putLong(80, virtual).putLong(88, physical);
    b.putLong(96, 0x30).putLong(104, 0x40);
    return file;
  }

  @Test
  void loadsAnElfFile() {
    StrictMemory memory =
        with(
            elf(0xffff_8000_8000_1000L, 0x4020_1000L, 0xffff_8000_8000_1010L),
            kernel -> {
              assertEquals(0x4020_0000L, kernel.fixedBase());
              assertEquals(0x1040, kernel.size());
              kernel.load(TARGET);
              assertEquals(TARGET + 0x1010, kernel.entry(TARGET));
            });
    byte[] expected = new byte[0x40];
    Arrays.fill(expected, 0, 0x30, (byte) 7);
    assertArrayEquals(expected, memory.read(TARGET + 0x1000, 0x40));
  }

  @Test
  void movesAnElfFileWithoutPhysicalAddresses() {
    long high = 0xffff_8000_8001_0000L;
    with(
        elf(high, high, high),
        kernel -> {
          assertEquals(-1, kernel.fixedBase());
          assertEquals(TARGET + 0x1_0000, kernel.entry(TARGET));
        });
  }

  @Test
  void survivesDamagedElfFiles() {
    byte[] file = elf(0x1000, 0x4020_1000L, 0x1010);
    Random random = new Random(Long.getLong("ristretto.seed", 3));
    for (int round = 0; round < 800; round++) {
      byte[] damaged = file.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged[4 + random.nextInt(116)] = (byte) random.nextInt();
      }
      try {
        with(
            damaged,
            kernel -> {
              if (kernel.size() <= 0x10_0000) {
                kernel.load(TARGET);
              }
            });
      } catch (BootException e) {
        assertTrue(e.getMessage().startsWith("Dom0's kernel"), e.getMessage());
      }
    }
  }
}
