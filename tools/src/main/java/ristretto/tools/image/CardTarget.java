package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.host.ToolException;
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
 * @param drivers modules of Linux that the card's interface needs
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
    List<String> drivers,
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
    drivers = List.copyOf(drivers);
    treeEdits = List.copyOf(treeEdits);
    firmwareEdits = List.copyOf(firmwareEdits);
  }

  /**
   * The machine of a name: qemu, or a board of boards/.
   *
   * @param tree the device tree that a person gave for it
   * @throws ToolException if that is none, or another machine's
   */
  public static CardTarget named(String name, @Nullable Path tree) throws IOException {
    Board board = Board.named(name);
    boolean qemu = board.name().equals(QEMU);
    if (tree == null) {
      return qemu ? qemu() : BoardCard.target(board, board.tree(), BoardCard.treeName(board));
    }
    DeviceTree own = TreeFile.read(tree, board);
    return qemu
        ? qemu(SdCard.treeName(tree), BoardCard.chosen(own))
        : BoardCard.target(board, own, SdCard.treeName(tree));
  }

  /** Refuses what this machine has no use for. */
  void check(CardRequest request) {
    if (request.fabric() != null && fabric.bytes() == 0) {
      throw new ToolException(
          "--core-rbf: the machine " + board + " has no FPGA to configure",
          "leave it out, or name a board that has one, such as --board agilex5");
    }
  }

  /** QEMU's virt with the U-Boot of Debian. */
  public static CardTarget qemu() {
    return qemu("", List.of());
  }

  /**
   * The same with a device tree of the card's own.
   *
   * @param tree its name on the card
   * @param treeEdits what it needs for a hypervisor
   */
  private static CardTarget qemu(String tree, List<String> treeEdits) {
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
        List.of("virtio_mmio", "virtio_blk"),
        "ttyAMA0",
        tree,
        memory,
        new Range("no FPGA", 0, 0),
        "512M",
        "",
        treeEdits,
        List.of(),
        128 * MIB,
        768 * MIB);
  }
}
