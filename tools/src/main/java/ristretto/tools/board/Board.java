package ristretto.tools.board;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  /** The devices whose register blocks have bytes in a range. */
  public List<Node> devicesIn(Region range) {
    return tree.nodes()
        .filter(node -> node.has("compatible"))
        .filter(node -> node.regions().stream().anyMatch(region -> region.overlaps(range)))
        .toList();
  }

  /** The device that has Dom0's root on it. */
  public Optional<Node> rootDevice() {
    return facts.rootDevice().flatMap(tree::find);
  }
}
