package ristretto.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import ristretto.tools.board.Board;
import ristretto.tools.board.Node;
import ristretto.tools.check.Nearest;
import ristretto.tools.host.ToolException;
import ristretto.tools.passthrough.PartialTreeWriter;
import ristretto.tools.passthrough.Plan;

/** Writes what a DomU needs to have devices of a board for itself. */
@Command(
    name = "passthrough",
    mixinStandardHelpOptions = true,
    description = {
      "Write the partial device tree, xl's lines and U-Boot's line with which a DomU has devices of"
          + " a board for itself; or say why it cannot have them."
    },
    footer = {
      "",
      "Example: ./ristretto passthrough /soc@0/spi@108d2000 --board agilex5 --output flash",
      "Without --output everything is printed. Notes and refusals go to standard error.",
      "Exit status: 0 written, 1 it cannot be had."
    })
final class PassthroughCommand implements Callable<Integer> {
  private static final long MOST_HERTZ = 0xffff_ffffL;
  private static final int MOST_NAMED = 5;

  @Parameters(arity = "1..*", paramLabel = "NODE", description = "Path of a node, or an alias.")
  private List<String> nodes = List.of();

  @Mixin private BoardOption board = new BoardOption();

  @Option(
      names = "--clock",
      paramLabel = "N=HZ",
      description =
          "Frequency of output N of the clock manager, or of another clock by its node's name"
              + " (qspi-clk=HZ), where the board's description has none or another.")
  private Map<String, Long> clocks = Map.of();

  @Option(names = "--xen", description = "With xen,path and xen,reg, which Xen's own tools want.")
  private boolean forXen;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "Write NAME.dts, NAME.cfg (xl's lines) and NAME.cmd (U-Boot's lines).")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    Board described = board.board();
    clocks.forEach(PassthroughCommand::checkFrequency);
    Plan plan = new Plan(described, devices(described), clocks);
    if (!plan.unusedClocks().isEmpty()) {
      throw new ToolException(
          "--clock " + plan.unusedClocks() + ": no such clock goes to what is passed through",
          "./ristretto passthrough without --clock says which are needed");
    }
    plan.notes().forEach(note -> System.err.println("note: " + note));
    if (!plan.refusals().isEmpty()) {
      plan.refusals().forEach(refusal -> System.err.println("cannot be had: " + refusal));
      return 1;
    }
    String tree = PartialTreeWriter.write(plan, forXen);
    if (output == null) {
      System.out.print("# Partial device tree: dtc -O dtb -o domu.dtb domu.dts\n" + tree);
      System.out.println("\n# For the DomU's configuration:\n" + plan.xlLines("/root/domu.dtb"));
      System.out.println("\n# For U-Boot, before booti:\n" + plan.scriptLines());
      return 0;
    }
    String name = output.toString();
    Path file = output.getFileName();
    Files.writeString(Path.of(name + ".dts"), tree);
    Files.writeString(Path.of(name + ".cfg"), plan.xlLines("/root/" + file + ".dtb") + "\n");
    Files.writeString(Path.of(name + ".cmd"), plan.scriptLines() + "\n");
    return 0;
  }

  private List<Node> devices(Board described) {
    List<String> paths = described.tree().nodes().map(Node::path).toList();
    List<Node> devices = new ArrayList<>();
    for (String node : nodes) {
      devices.add(
          described
              .device(node)
              .orElseThrow(() ->
                  new ToolException(
                      "the device tree of " + board.name() + " has no node '" + node + "'",
                      meant(node, paths))));
    }
    return devices.stream().distinct().toList();
  }

  /** A path that looks alike, or else those that end in a device of that name. */
  private String meant(String node, List<String> paths) {
    Optional<String> nearest = node.isBlank() ? Optional.empty() : Nearest.to(node, paths);
    if (nearest.isPresent()) {
      return "write " + nearest.get();
    }
    List<String> named =
        paths.stream().filter(path -> path.contains("/" + node + "@")).limit(MOST_NAMED).toList();
    return named.isEmpty()
        ? "./ristretto map --board " + board.name() + " shows the names of all devices"
        : "write " + String.join(" or ", named);
  }

  /** A partial tree has it in one cell. */
  private static void checkFrequency(String clock, Long hertz) {
    if (hertz <= 0 || hertz > MOST_HERTZ) {
      throw new ToolException(
          "--clock " + clock + "=" + hertz + ": no frequency in Hz",
          "write a number from 1 to " + MOST_HERTZ);
    }
  }
}
