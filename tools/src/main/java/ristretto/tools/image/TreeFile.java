package ristretto.tools.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import ristretto.tools.host.ToolException;

/** A device tree as a file: Devicetree Specification, "Header". */
final class TreeFile {
  private static final int MAGIC = 0xd00dfeed;
  private static final int HEADER = 40;

  private TreeFile() {}

  /** Refuses what is no compiled tree, or not all of one. */
  static void check(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER || header.getInt(0) != MAGIC) {
      throw new ToolException(
          file + " is not a compiled device tree",
          "dtc -I dts -O dtb -o board.dtb board.dts, or the kernel's `make dtbs`");
    }
    if (Integer.toUnsignedLong(header.getInt(4)) > bytes.length) {
      throw new ToolException(
          file
              + " is cut off: "
              + bytes.length
              + " bytes of "
              + Integer.toUnsignedLong(header.getInt(4)),
          "copy it again from where it was compiled");
    }
  }
}
