package ristretto.tools.script;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A script as text, or in the legacy image that {@code mkimage -T script} makes of it. */
final class ScriptFile {
  private static final int MAGIC = 0x27051956;
  private static final int HEADER_BYTES = 64;

  private ScriptFile() {}

  /** Its text: after the header a legacy image has a table of sizes, which ends with a zero. */
  static String text(byte[] bytes) {
    ByteBuffer image = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER_BYTES || image.getInt(0) != MAGIC) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    int at = HEADER_BYTES;
    int size = image.getInt(at);
    while (at + Integer.BYTES <= bytes.length && image.getInt(at) != 0) {
      at += Integer.BYTES;
    }
    at += Integer.BYTES;
    return new String(bytes, at, Math.min(size, bytes.length - at), StandardCharsets.UTF_8);
  }
}
