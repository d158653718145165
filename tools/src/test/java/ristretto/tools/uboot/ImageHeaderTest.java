package ristretto.tools.uboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.host.ToolException;

class ImageHeaderTest {
  @TempDir private Path directory;

  @Test
  void readsTheSizeInMemory() throws IOException {
    ImageHeader header = ImageHeader.read(image(0x10000, 128));
    assertEquals(0x80000, header.textOffset());
    assertEquals(0x10000, header.imageBytes());
    assertEquals(0xa, header.flags());
  }

  @Test
  void neverTakesLessThanTheFile() throws IOException {
    assertEquals(128, ImageHeader.read(image(0, 128)).imageBytes());
  }

  @Test
  void refusesWhatIsNoImage() throws IOException {
    Path file = Files.write(directory.resolve("other"), new byte[100]);
    ToolException refusal = assertThrows(ToolException.class, () -> ImageHeader.read(file));
    assertTrue(refusal.toString().contains("not an arm64 Image"));
  }

  @Test
  void refusesWhatIsTooShort() throws IOException {
    Path file = Files.write(directory.resolve("short"), new byte[10]);
    assertThrows(ToolException.class, () -> ImageHeader.read(file));
  }

  @Test
  void keepsRoomForAKernelInAnyFile() throws IOException {
    assertEquals(0x10000, ImageHeader.memoryBytes(image(0x10000, 128)));
    Path compressed = Files.write(directory.resolve("Image.gz"), new byte[] {0x1f, (byte) 0x8b});
    assertEquals(2, ImageHeader.memoryBytes(compressed));
  }

  private Path image(long imageBytes, int fileBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(fileBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(8, 0x80000).putLong(16, imageBytes).putLong(24, 0xa).putInt(56, 0x644d5241);
    return Files.write(directory.resolve("image"), bytes.array());
  }
}
