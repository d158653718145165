package ristretto.tools.script;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/** A script as text, or in the legacy image that {@code mkimage -T script} makes of it. */
final class ScriptFile {
  private static final int MAGIC = 0x27051956;
  private static final int HEADER_BYTES = 64;

  private ScriptFile() {}

  /**
   * Its text: after the header a legacy image has a table of sizes, which ends with a zero.
   *
   * @throws SourceException where the image is cut off
   */
  static String text(Path file, byte[] bytes) {
    ByteBuffer image = ByteBuffer.wrap(bytes);
    if (bytes.length < Integer.BYTES || image.getInt(0) != MAGIC) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    int at = HEADER_BYTES;
    while (at + Integer.BYTES <= bytes.length && image.getInt(at) != 0) {
      at += Integer.BYTES;
    }
    at += Integer.BYTES;
    if (at > bytes.length || image.getInt(HEADER_BYTES) > bytes.length - at) {
      throw new SourceException(
          Position.of(file.toString()),
          "a damaged script of mkimage: it ends too early",
          "make it again: mkimage -T script");
    }
    int size = image.getInt(HEADER_BYTES);
    return new String(bytes, at, Math.max(0, size), StandardCharsets.UTF_8);
  }
}
