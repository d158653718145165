package ristretto.tools.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.host.ToolException;

/** A device tree as a file: Devicetree Specification, "Header". */
final class TreeFile {
  private static final int MAGIC = 0xd00dfeed;
  private static final int HEADER = 40;

  private TreeFile() {}

  /**
   * A tree that a person gave for a board.
   *
   * @throws ToolException if it is not compiled, not whole, or of another machine
   */
  static DeviceTree read(Path file, Board board) throws IOException {
    check(file);
    DeviceTree tree = DeviceTree.read(file);
    // A SoC's interrupt controller never moves, and names of trees of one board differ.
    long ours = controller(board.tree()).orElseThrow();
    OptionalLong theirs = controller(tree);
    if (theirs.isEmpty() || theirs.getAsLong() != ours) {
      throw new ToolException(
          "--dtb: "
              + file
              + (theirs.isEmpty()
                  ? " has no interrupt controller"
                  : " has its interrupt controller at 0x" + Long.toHexString(theirs.getAsLong()))
              + ", and the board "
              + board.name()
              + " has it at 0x"
              + Long.toHexString(ours)
              + ": it is of another machine",
          "give the tree of this board"
              + board.facts().text("tree.linux").map(name -> ", for instance " + name).orElse(""));
    }
    return tree;
  }

  /** Where the GIC's distributor is. */
  private static OptionalLong controller(DeviceTree tree) {
    return tree.nodes()
        .filter(node -> DeviceTree.isGic(node) && !node.regions().isEmpty())
        .mapToLong(node -> node.regions().getFirst().base())
        .findFirst();
  }

  /** What a card with this tree lacks. */
  static List<String> notes(Path file) throws IOException {
    return DeviceTree.read(file).find("/aliases").filter(node -> node.has("serial0")).isPresent()
        ? List.of()
        : List.of(
            "--dtb: "
                + file
                + " has no alias serial0, which the script's dtuart=serial0 names: set"
                + " xen_bootargs to dtuart= and the path of the serial line");
  }

  /** Refuses what is no compiled tree, or not all of one. */
  static void check(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new ToolException(
          Files.exists(file) ? "--dtb: " + file + ": a folder" : "--dtb: there is no " + file,
          "name the compiled tree of the board's kernel");
    }
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER || header.getInt(0) != MAGIC) {
      throw new ToolException(
          "--dtb: " + file + " is not a compiled device tree",
          "dtc -I dts -O dtb -o board.dtb board.dts, or the kernel's `make dtbs`");
    }
    if (Integer.toUnsignedLong(header.getInt(4)) > bytes.length) {
      throw new ToolException(
          "--dtb: "
              + file
              + " is cut off: "
              + bytes.length
              + " bytes of "
              + Integer.toUnsignedLong(header.getInt(4)),
          "copy it again from where it was compiled");
    }
  }
}
