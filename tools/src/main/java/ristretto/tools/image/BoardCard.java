package ristretto.tools.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Node;
import ristretto.tools.board.Region;
import ristretto.tools.host.Command;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;
import ristretto.tools.uboot.MemoryPlan;
import ristretto.tools.uboot.MemoryPlan.Range;
import ristretto.tools.uboot.ScriptImage;

/** The card of a board of boards/: Altera's boards, whose U-Boot takes scripts as FITs. */
final class BoardCard {
  /**
   * The overview document, "Dom0 Configuration", without the options that are not Xen's, and
   * without hmp-unsafe: CPUs of every kind are used, each vCPU on one.
   */
  private static final String XEN_OPTIONS = "dom0_max_vcpus=2 dom0_vcpus_pin";

  private static final long MIB = 1 << 20;

  /** The partitions of the document's card. */
  private static final long BOOT_BYTES = 500 * MIB;

  private static final long ROOT_BYTES = 2000 * MIB;

  /** U-Boot moves itself to the end of the first window, below its stack and heap. */
  private static final long UBOOT_BYTES = 128 * MIB;

  /** A script that is running. */
  private static final long SCRIPT_BYTES = MIB;

  private BoardCard() {}

  /**
   * What a board's card is like.
   *
   * @param tree the tree that the board boots with
   * @param name that it has on the card
   */
  static CardTarget target(Board board, DeviceTree tree, String name) {
    MemoryPlan memory = memory(board, tree);
    return new CardTarget(
        board.name(),
        ScriptImage.FIT,
        "mmc",
        "/dev/mmcblk0p",
        board.facts().words("card.drivers"),
        "ttyS0,115200n8",
        name,
        memory,
        fabric(board),
        board.facts().text("dom0.memory").orElse("1024M"),
        XEN_OPTIONS,
        edits(tree),
        clocks(tree),
        BOOT_BYTES,
        ROOT_BYTES);
  }

  /** The name of our own tree is that of Linux's. */
  static String treeName(Board board) {
    return SdCard.treeName(Path.of(board.facts().text("tree.linux").orElse(board.name() + ".dtb")));
  }

  /** Compiles the tree of boards/. */
  static Path compileTree(String board, Path target) {
    Path source =
        Project.current().home().resolve("boards/" + Board.named(board).name() + "/board.dts");
    Command.of("dtc", "-q", "-@", "-O", "dtb", "-o", target.toString(), source.toString()).run();
    return target;
  }

  /**
   * The first window of RAM: what is in the others depends on the board's memory chips, and U-Boot
   * loads there without being asked to. Without what firmware and U-Boot have of it.
   */
  private static MemoryPlan memory(Board board, DeviceTree tree) {
    Region window = first(board, "memory.windows");
    MemoryPlan plan = new MemoryPlan().ram(window.base(), window.size());
    board
        .facts()
        .regions("memory.secure")
        .forEach(region -> plan.keep("the firmware", region.base(), region.size()));
    tree.find("/reserved-memory").stream()
        .flatMap(node -> node.children().stream())
        .forEach(node ->
            node.regions()
                .forEach(
                    region -> plan.keep("reserved: " + node.name(), region.base(), region.size())));
    for (String place : List.of("uboot.script", "uboot.kernel")) {
      board
          .facts()
          .number(place)
          .ifPresent(at -> plan.keep("a script of U-Boot's", at, SCRIPT_BYTES));
    }
    return plan.keep("U-Boot", window.end() - UBOOT_BYTES, UBOOT_BYTES);
  }

  /** What the SDM can read. It counts from the beginning of RAM. */
  private static Range fabric(Board board) {
    Region window = first(board, "memory.windows");
    List<Region> reach = board.facts().regions("sdm.dma");
    return reach.isEmpty()
        ? new Range("RAM", window.base(), window.size())
        : new Range(
            "the SDM's reach", window.base() + reach.getFirst().base(), reach.getFirst().size());
  }

  /**
   * The clock of the QSPI controller. The SDM makes it and tells U-Boot its frequency, which keeps
   * it as {@code <0x…>} in a variable, 0 where the SDM has kept the controller; the figure in
   * Linux's tree is a place for it. altera-fpga.github.io, "QSPI Reference Clock"; U-Boot,
   * arch/arm/mach-socfpga/clock_manager.c, and linux_qspi_enable of its environment.
   */
  private static List<String> clocks(DeviceTree tree) {
    return tree.nodes()
        .filter(node -> node.isCompatible("cdns,qspi-nor") && node.has("clocks"))
        .flatMap(node -> node.cell("clocks").stream())
        .flatMap(phandle -> tree.byPhandle(phandle).stream())
        .filter(clock -> clock.isCompatible("fixed-clock"))
        .map(clock ->
            "test -z \"${qspi_clock}\" -o \"${qspi_clock}\" = \"<0x00000000>\" || fdt set "
                + clock.path()
                + " clock-frequency ${qspi_clock}")
        .toList();
  }

  private static Region first(Board board, String key) {
    List<Region> regions = board.facts().regions(key);
    if (regions.isEmpty()) {
      throw new ToolException("boards/" + board.name() + " does not say " + key);
    }
    return regions.getFirst();
  }

  /**
   * What Altera's script takes from the tree of Linux: the error manager, which Dom0 cannot serve,
   * and the promise that DMA is coherent, which holds for what the SMMU translates.
   */
  private static List<String> edits(DeviceTree tree) {
    List<String> edits = new ArrayList<>(chosen(tree));
    for (Node node : tree.nodes().toList()) {
      if (node.baseName().equals("eccmgr")) {
        edits.add("fdt rm " + node.path());
      } else if (node.has("dma-coherent") && node.has("iommus")) {
        edits.add("fdt rm " + node.path() + " dma-coherent");
      }
    }
    return edits;
  }

  /** The place of command lines, without Linux's own one, as Dom0's is another. */
  static List<String> chosen(DeviceTree tree) {
    return tree.find("/chosen")
        .map(node -> node.has("bootargs") ? List.of("fdt rm /chosen bootargs") : List.<String>of())
        .orElse(List.of("fdt mknod / chosen"));
  }
}
