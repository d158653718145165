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
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void refusesAKernelThatWouldBeMovedOntoTheFirmware() {
    refuses(image(0), "must lie where RAM begins");
  }
}
