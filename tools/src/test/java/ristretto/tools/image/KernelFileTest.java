package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ristretto.tools.host.ToolException;

class KernelFileTest {
  private static final long ANYWHERE = 8;

  @TempDir private Path directory;

  /** An arm64 Image of nothing. */
  static byte[] image(long flags) {
    ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(16, 8192).putLong(24, flags).putInt(56, 0x644d5241);
    return bytes.array();
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private Path copy(byte[] bytes) throws IOException {
    Path kernel = Files.write(directory.resolve("kernel"), bytes);
    Path target = directory.resolve("Image");
    Files.deleteIfExists(target);
    KernelFile.copy(kernel, target);
    return target;
  }

  private void refuses(byte[] bytes, String why) {
    ToolException refusal = assertThrows(ToolException.class, () -> copy(bytes));
    assertTrue(refusal.toString().contains(why), refusal.toString());
  }

  @Test
  void takesAnImageAsItIs() throws IOException {
    assertArrayEquals(image(ANYWHERE), Files.readAllBytes(copy(image(ANYWHERE))));
  }

  @Test
  void unpacksACompressedImage() throws IOException {
    assertArrayEquals(image(ANYWHERE), Files.readAllBytes(copy(compressed(image(ANYWHERE)))));
  }

  @Test
  void saysWhatElseAFileIs() throws IOException {
    refuses(new byte[] {0x7f, 'E', 'L', 'F', 2, 1}, "an ELF file");
    refuses(new byte[] {(byte) 0xd0, 0x0d, (byte) 0xfe, (byte) 0xed}, "a FIT (kernel.itb)");
    refuses(new byte[4096], "not an arm64 Image");
    refuses(image(ANYWHERE | 1), "big-endian");
    byte[] whole = compressed(image(ANYWHERE));
    refuses(Arrays.copyOf(whole, whole.length / 2), "damaged");
  }

  private static byte[] with(int offset, String magic) {
    byte[] bytes = new byte[4096];
    byte[] start = HexFormat.of().parseHex(magic);
    System.arraycopy(start, 0, bytes, offset, start.length);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({
    "0x0, 7f454c460201010000000000000000000300b7000100, an ELF file for AArch64 (vmlinux)",
    "0x0, 7f454c4602010100000000000000000002003e000100, an ELF file for another machine",
    "0x1fe, 55aa48647253, for x86 (bzImage)",
    "0x24, 18286f01, for 32-bit Arm (zImage)",
    "0x38, 52534305, for RISC-V",
    "0x0, 4d5a00007a696d67, vmlinuz.efi",
    "0x0, 27051956, wrapped by mkimage (uImage)",
    "0x0, 28b52ffd, compressed by zstd",
    "0x0, fd377a585a00, compressed by xz",
  })
  void saysWhoseKernelItIs(String offset, String magic, String what) throws IOException {
    byte[] bytes = with(Integer.decode(offset), magic);
    refuses(bytes, "kernel is ");
    refuses(bytes, what);
    refuses(compressed(bytes), "kernel has in it what is ");
    refuses(compressed(bytes), what);
  }

  /** With a header for EFI, which Debian's kernels have in front. */
  @Test
  void takesAnImageThatAlsoStartsUnderEfi() throws IOException {
    byte[] bytes = image(ANYWHERE);
    bytes[0] = 'M';
    bytes[1] = 'Z';
    assertArrayEquals(bytes, Files.readAllBytes(copy(bytes)));
  }

  @Test
  void refusesAKernelThatWouldBeMovedOntoTheFirmware() {
    refuses(image(0), "must lie where RAM begins");
  }
}
