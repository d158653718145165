package ristretto.tools.board;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;

/**
 * A board: a folder of boards/ with its device tree, {@code board.dts}, and what that does not say,
 * {@code board.properties}.
 *
 * @param name of the folder
 */
public record Board(String name, DeviceTree tree, BoardFacts facts) {
  private static final String TREE = "board.dts";

  /** A disk on a memory card; Linux numbers the controllers by their aliases. */
  private static final Pattern MMC = Pattern.compile("mmcblk(\\d+)");

  private static final String FACTS = "board.properties";

  /** The boards of this checkout, by name. */
  public static List<String> names() {
    try (Stream<Path> folders = Files.list(folder())) {
      return folders
          .filter(folder -> Files.exists(folder.resolve(TREE)))
          .map(Board::last)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ToolException("cannot list the boards", e);
    }
  }

  /** The board of a name, the folder's or another one that its description gives. */
  public static Board named(String name) {
    for (String folder : names()) {
      if (folder.equals(name) || alsoNamed(folder().resolve(folder)).contains(name)) {
        return in(folder().resolve(folder));
      }
    }
    throw new ToolException("no board '" + name + "'", "one of " + String.join(", ", names()));
  }

  private static List<String> alsoNamed(Path folder) {
    try {
      return BoardFacts.read(folder.resolve(FACTS)).words("names.also");
    } catch (IOException e) {
      throw new ToolException("cannot read the board in " + folder, e);
    }
  }

  /** The board that a folder describes. */
  public static Board in(Path folder) {
    try {
      return new Board(
          last(folder),
          DeviceTree.read(folder.resolve(TREE)),
          BoardFacts.read(folder.resolve(FACTS)));
    } catch (IOException e) {
      throw new ToolException("cannot read the board in " + folder, e);
    }
  }

  private static String last(Path folder) {
    return folder.getName(folder.getNameCount() - 1).toString();
  }

  private static Path folder() {
    return Project.current().home().resolve("boards");
  }

  /** RAM, as the device tree's memory nodes give it. */
  public List<Region> memory() {
    return tree.nodes()
        .filter(node -> node.text("device_type").filter("memory"::equals).isPresent())
        .flatMap(node -> node.regions().stream())
        .toList();
  }

  /** RAM that the firmware keeps: nothing is loaded there. */
  public List<Region> reserved() {
    return tree.find("/reserved-memory").stream()
        .flatMap(node -> node.children().stream())
        .flatMap(node -> node.regions().stream())
        .toList();
  }

  /** The models of the CPUs in the order of the device tree, for instance arm,cortex-a55. */
  public List<String> cpus() {
    return tree.find("/cpus").stream()
        .flatMap(node -> node.children().stream())
        .filter(node -> node.text("device_type").filter("cpu"::equals).isPresent())
        .map(node -> node.text("compatible").orElse("?"))
        .toList();
  }

  /** The CPUs of one model that follow each other, in the order of the device tree. */
  public List<CpuRun> cpuRuns() {
    return CpuRun.of(cpus());
  }

  /** The devices whose register blocks have bytes in a range. */
  public List<Node> devicesIn(Region range) {
    return tree.nodes()
        .filter(node -> node.has("compatible"))
        .filter(node -> node.regions().stream().anyMatch(region -> region.overlaps(range)))
        .toList();
  }

  /**
   * The node of a path as users write it: trees of the same board call the bus of its devices /soc
   * or /soc@0.
   */
  public Optional<Node> device(String path) {
    Optional<Node> exact = tree.find(path);
    if (exact.isPresent()) {
      return exact;
    }
    return path.startsWith("/soc@0/")
        ? tree.find(path.replaceFirst("^/soc@0/", "/soc/"))
        : tree.find(path.replaceFirst("^/soc/", "/soc@0/"));
  }

  /** The controller that a node's interrupts are at. */
  public Optional<Node> interruptController(Node node) {
    for (Node at = node; at != null; at = at.parent()) {
      Optional<Integer> phandle = at.cell("interrupt-parent");
      if (phandle.isPresent()) {
        return tree.byPhandle(phandle.get());
      }
      if (at.isBelowInterruptController()) {
        return Optional.ofNullable(at.parent());
      }
    }
    return Optional.empty();
  }

  /**
   * What other devices depend on, and what only one domain can have: clocks, resets, pins, the
   * system manager, interrupt controllers, IOMMUs. They stay Dom0's or the hypervisor's.
   */
  public static boolean isShared(Node node) {
    boolean clocks =
        node.has("#clock-cells") && node.has("reg") && !node.isCompatible("fixed-clock");
    return clocks
        || node.has("#reset-cells")
        || node.has("#iommu-cells")
        || node.has("msi-controller")
        || DeviceTree.isGic(node)
        || node.compatible().stream()
            .anyMatch(name ->
                name.equals("syscon")
                    || name.contains("sys-mgr")
                    || name.contains("pinctrl")
                    || name.contains("smmu"));
  }

  /**
   * The device that has a disk of Dom0 on it.
   *
   * @param disk what Linux calls it, for instance /dev/mmcblk0p2; empty: the board's usual one
   */
  public Optional<Node> rootDevice(String disk) {
    String name = disk.isEmpty() ? facts.rootDisk().orElse("mmcblk0") : disk;
    if (facts.rootDevice().isPresent() && name.contains(facts.rootDisk().orElse("mmcblk0"))) {
      return facts.rootDevice().flatMap(tree::find);
    }
    Matcher matcher = MMC.matcher(name);
    return matcher.find() ? tree.find("mmc" + matcher.group(1)) : Optional.empty();
  }
}
