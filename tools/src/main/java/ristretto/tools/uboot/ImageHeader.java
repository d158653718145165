package ristretto.tools.uboot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import ristretto.tools.host.ToolException;

/**
 * The 64-byte header of an arm64 image. Linux, Documentation/arch/arm64/booting.rst, "Call the
 * kernel image".
 *
 * @param textOffset distance of the image from a 2 MiB boundary, bytes
 * @param imageBytes memory that the image needs from its start on, more than its file where it has
 *     zeroed data
 * @param flags bit 3: may lie anywhere in memory
 */
public record ImageHeader(long textOffset, long imageBytes, long flags) {
  private static final int MAGIC = 0x644d5241; // "ARM\x64"

  private static final long BIG_ENDIAN = 1;
  private static final long ANYWHERE = 1 << 3;

  /** U-Boot leaves it where it was loaded; another one goes to the first RAM there is. */
  public boolean isMovable() {
    return (flags & ANYWHERE) != 0;
  }

  public boolean isBigEndian() {
    return (flags & BIG_ENDIAN) != 0;
  }

  /** Bytes to keep free for a kernel: more than its file if that is an arm64 Image. */
  public static long memoryBytes(Path kernel) {
    try {
      return isImage(head(kernel)) ? read(kernel).imageBytes() : Files.size(kernel);
    } catch (IOException e) {
      throw new ToolException("cannot read " + kernel + ": " + e.getMessage());
    }
  }

  public static ImageHeader read(Path file) {
    try {
      ByteBuffer header = head(file);
      if (!isImage(header)) {
        throw new ToolException(
            file + " is not an arm64 Image (no magic number at byte 56)",
            "give a file that U-Boot's booti takes, such as out/xen or a kernel's Image");
      }
      long needed = Math.max(header.getLong(16), Files.size(file));
      return new ImageHeader(header.getLong(8), needed, header.getLong(24));
    } catch (IOException e) {
      throw new ToolException("cannot read " + file + ": " + e.getMessage());
    }
  }

  /** The first 64 bytes, with zeroes where the file is shorter. */
  private static ByteBuffer head(Path file) throws IOException {
    byte[] bytes = new byte[64];
    try (InputStream in = Files.newInputStream(file)) {
      in.readNBytes(bytes, 0, bytes.length);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean isImage(ByteBuffer header) {
    return header.getInt(56) == MAGIC;
  }
}
