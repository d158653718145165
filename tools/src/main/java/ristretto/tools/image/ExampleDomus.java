package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import ristretto.tools.board.Board;
import ristretto.tools.board.CpuRun;
import ristretto.tools.board.Node;
import ristretto.tools.host.Resources;
import ristretto.tools.host.ToolException;
import ristretto.tools.passthrough.PartialTreeWriter;
import ristretto.tools.passthrough.Plan;

/**
 * The DomUs that a board's card has configurations of: one without a device, and one for each
 * device of the board's {@code card.devices}. The files are what `./ristretto passthrough` writes.
 */
final class ExampleDomus {
  private static final String ON_CARD = "/home/root/xen/";

  private static final String WITHHOLD =
      """
      # DEVICE for a DomU. Dom0 must have left it alone; at U-Boot's prompt,
      # before the script:
      #   setenv passthrough DEVICE
      """;

  private static final String NEEDS_SMMU =
      """
      # It reads and writes memory by itself, which only an SMMU limits. Ristretto drives none yet:
      # xl create is refused there.
      """;

  private final Board board;
  private final String deviceType;

  /**
   * For a board's card.
   *
   * @param deviceType U-Boot's word for the card's interface
   */
  ExampleDomus(Board board, String deviceType) {
    this.board = board;
    this.deviceType = deviceType;
  }

  /**
   * Writes configurations, sources of partial device trees, and a README.
   *
   * @return the sources, which want to be compiled
   * @throws ToolException if the board's description names a device that cannot be had
   */
  List<Path> write(Path folder) throws IOException {
    String plain = Resources.text("xen/DomU1.cfg").replace("BOARD", board.name()) + cpus();
    Files.writeString(folder.resolve("DomU1.cfg"), plain);
    String settings = plain.substring(plain.indexOf("name ="));
    List<Path> sources = new ArrayList<>();
    StringBuilder list = new StringBuilder();
    for (Node device : devices()) {
      Plan plan = plan(device);
      String lines = plan.xlLines(ON_CARD + device.name() + ".dtb");
      Files.writeString(
          folder.resolve(device.name() + ".cfg"),
          explanation(device) + settings + "\n" + lines + "\n");
      Path source = folder.resolve(device.name() + ".dts");
      Files.writeString(source, PartialTreeWriter.write(plan, true));
      sources.add(source);
      list.append(paragraph(device.name() + ".cfg", plan.notes()));
    }
    Files.writeString(folder.resolve("README"), readme(list.toString()));
    return sources;
  }

  private List<Node> devices() {
    return board.facts().words("card.devices").stream()
        .map(path ->
            board
                .device(path)
                .orElseThrow(() ->
                    new ToolException(
                        "boards/" + board.name() + ": card.devices: there is no " + path)))
        .toList();
  }

  private Plan plan(Node device) {
    Plan plan = new Plan(board, List.of(device), Map.of());
    if (!plan.refusals().isEmpty()) {
      throw new ToolException(
          "boards/" + board.name() + ": card.devices: " + String.join("; ", plan.refusals()));
    }
    return plan;
  }

  private static String explanation(Node device) {
    return WITHHOLD.replace("DEVICE", device.path()) + (device.has("iommus") ? NEEDS_SMMU : "");
  }

  /** A line that keeps a DomU to CPUs of one model: the last ones, as Dom0 has the first. */
  private String cpus() {
    List<CpuRun> runs = board.cpuRuns();
    if (runs.size() < 2) {
      return "";
    }
    return "cpus = \""
        + runs.getLast()
        + "\" # "
        + runs.getLast().model()
        + "; where the board starts on one of these: other numbers, xl info -n\n";
  }

  private String readme(String examples) {
    String absent =
        board
            .tree()
            .nodes()
            .filter(node -> node.baseName().equals("ethernet") && node.isEnabled())
            .filter(node -> !new Plan(board, List.of(node), Map.of()).refusals().isEmpty())
            .map(Node::path)
            .collect(Collectors.joining(" "));
    String text =
        Resources.text("xen/README") + (absent.isEmpty() ? "" : Resources.text("xen/README-board"));
    return text.replace("BOARD", board.name())
        .replace("INTERFACE", deviceType)
        .replace("EXAMPLES\n", examples)
        .replace("ABSENT", absent);
  }

  private static String paragraph(String title, Set<String> notes) {
    return title
        + "\n"
        + notes.stream().map(note -> "  - " + note + "\n").collect(Collectors.joining());
  }
}
