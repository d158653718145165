package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.uboot.MemoryPlan;
import ristretto.tools.uboot.MemoryPlan.Range;
import ristretto.tools.uboot.ScriptImage;

/**
 * What a card has to know of the machine that it is for.
 *
 * @param board as `--board` names it
 * @param wrapping what its U-Boot takes for a script
 * @param deviceType U-Boot's word for the card's interface
 * @param partition what Linux calls the card's partitions, without their number
 * @param console what Linux calls the serial line, with its speed
 * @param tree the name of the device tree on the card; empty: firmware brings one
 * @param memory where RAM is, and what of it is not to be touched
 * @param fabric where the FPGA's configuration can be read from
 * @param dom0Memory {@code dom0_mem} unless somebody sets another
 * @param xenOptions what the hypervisor needs on it beside that
 * @param treeEdits `fdt` commands that its tree needs for a hypervisor
 * @param firmwareEdits commands that put into the tree what only its U-Boot knows
 * @param bootBytes of partition 1, unless more is put there
 * @param rootBytes of partition 2, unless it is to be smaller or larger
 */
public record CardTarget(
    String board,
    ScriptImage wrapping,
    String deviceType,
    String partition,
    String console,
    String tree,
    MemoryPlan memory,
    Range fabric,
    String dom0Memory,
    String xenOptions,
    List<String> treeEdits,
    List<String> firmwareEdits,
    long bootBytes,
    long rootBytes) {
  /** Its firmware brings its device tree: boards/qemu describes it to the tools, not to Linux. */
  public static final String QEMU = "qemu";

  private static final long MIB = 1 << 20;
  private static final long QEMU_RAM = 0x4000_0000L;

  /** The smallest machine that `run` starts. */
  private static final long QEMU_RAM_BYTES = 768 * MIB;

  public CardTarget {
    treeEdits = List.copyOf(treeEdits);
    firmwareEdits = List.copyOf(firmwareEdits);
  }

  /**
   * The machine of a name: qemu, or a board of boards/.
   *
   * @param tree the device tree that a person gave for it
   */
  public static CardTarget named(String name, @Nullable Path tree) throws IOException {
    if (name.equals(QEMU)) {
      return tree == null ? qemu() : qemu(SdCard.treeName(tree));
    }
    Board board = Board.named(name);
    return tree == null
        ? BoardCard.target(board, board.tree(), BoardCard.treeName(board))
        : BoardCard.target(board, DeviceTree.read(tree), SdCard.treeName(tree));
  }

  /** The same with other memory. */
  public CardTarget withMemory(MemoryPlan other, Range fabricWindow) {
    return new CardTarget(
        board,
        wrapping,
        deviceType,
        partition,
        console,
        tree,
        other,
        fabricWindow,
        dom0Memory,
        xenOptions,
        treeEdits,
        firmwareEdits,
        bootBytes,
        rootBytes);
  }

  /** QEMU's virt with the U-Boot of Debian. */
  public static CardTarget qemu() {
    return qemu("");
  }

  /**
   * The same with a device tree of the card's own.
   *
   * @param tree its name on the card
   */
  public static CardTarget qemu(String tree) {
    // U-Boot's own things: the tree that QEMU makes, its scripts, and at the end itself.
    MemoryPlan memory =
        new MemoryPlan()
            .ram(QEMU_RAM, QEMU_RAM_BYTES)
            .keep("QEMU's device tree and U-Boot's scripts", QEMU_RAM, 64 * MIB)
            .keep("U-Boot", QEMU_RAM + QEMU_RAM_BYTES - 64 * MIB, 64 * MIB);
    return new CardTarget(
        QEMU,
        ScriptImage.LEGACY,
        "virtio",
        "/dev/vda",
        "ttyAMA0",
        tree,
        memory,
        new Range("no FPGA", 0, 0),
        "512M",
        "",
        List.of(),
        List.of(),
        128 * MIB,
        768 * MIB);
  }
}
