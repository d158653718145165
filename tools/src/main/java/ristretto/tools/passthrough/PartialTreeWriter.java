package ristretto.tools.passthrough;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Interrupt;
import ristretto.tools.board.Node;
import ristretto.tools.board.Property;
import ristretto.tools.board.Region;

/**
 * The source of the partial device tree: xl.cfg(5), "device_tree". Registers are written in the
 * addresses of the CPUs, two cells each for address and size; phandles become labels.
 */
public final class PartialTreeWriter {
  /** What says something about other parts of the board, or is written anew. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "phandle",
          "linux,phandle",
          "status",
          "interrupt-parent",
          "interrupts",
          "interrupts-extended",
          "reset-names",
          "dma-names",
          "pinctrl-names",
          "dma-coherent",
          "xen,passthrough",
          "mbox-names",
          "power-domain-names",
          "nvmem-cell-names");

  private final Plan plan;
  private final boolean forXen;
  private final Set<Node> pointedAt;
  private final StringBuilder text = new StringBuilder();
  private int depth;

  private PartialTreeWriter(Plan plan, boolean forXen) {
    this.plan = plan;
    this.forXen = forXen;
    this.pointedAt =
        Stream.concat(plan.devices().stream(), plan.added().stream())
            .flatMap(Node::all)
            .flatMap(node -> pointedAt(plan.board(), node))
            .collect(Collectors.toSet());
  }

  private static Stream<Node> pointedAt(Board board, Node node) {
    Stream<Node> properties =
        node.properties().stream()
            .filter(Reference::isReference)
            .flatMap(property -> Reference.of(board.tree(), property).stream())
            .map(Reference::target);
    return Stream.concat(properties, board.interruptController(node).stream());
  }

  /**
   * Writes it.
   *
   * @param forXen with xen,path and xen,reg, which Xen's own tools want
   */
  public static String write(Plan plan, boolean forXen) {
    PartialTreeWriter writer = new PartialTreeWriter(plan, forXen);
    writer.tree();
    return writer.text.toString();
  }

  private void tree() {
    text.append("/dts-v1/;\n\n");
    open("/");
    cells();
    text.append('\n');
    open("passthrough");
    line("compatible = \"simple-bus\";");
    cells();
    line("ranges;");
    line("interrupt-parent = <" + DeviceTree.GUEST_GIC + ">;");
    plan.clocks().outputs().forEach(this::clock);
    plan.added().forEach(node -> node(node, false));
    plan.devices().forEach(node -> node(node, true));
    close();
    close();
  }

  private void clock(Clocks.Output output, long hertz) {
    text.append('\n');
    open(output.label() + ": " + output.label().replace('_', '-'));
    line("compatible = \"fixed-clock\";");
    line("#clock-cells = <0>;");
    line("clock-frequency = <" + hertz + ">;");
    close();
  }

  private void node(Node node, boolean device) {
    text.append('\n');
    open(pointedAt.contains(node) ? label(node) + ": " + node.name() : node.name());
    boolean bus = node.has("ranges");
    for (Property property : node.properties()) {
      property(node, property, bus, device);
    }
    interrupts(node);
    if (bus) {
      cells();
    }
    if (forXen && device && !node.regions().isEmpty()) {
      line("xen,path = \"" + node.path() + "\";");
      line("xen,reg = " + pages(node) + ";");
    }
    node.children().forEach(child -> node(child, false));
    close();
  }

  private void property(Node node, Property property, boolean bus, boolean device) {
    String name = property.name();
    boolean ofBus = bus && (name.equals("#address-cells") || name.equals("#size-cells"));
    if (LEFT_OUT.contains(name) || name.startsWith("pinctrl-") || ofBus) {
      return;
    }
    Node parent = node.parent();
    boolean address = name.equals("reg") && (device || parent != null && parent.has("ranges"));
    if (address) {
      line("reg = " + registers(node) + ";");
    } else if (name.equals("ranges")) {
      line("ranges;");
    } else if (Reference.isReference(property)) {
      references(property);
    } else if (name.equals("clock-frequency") && plan.clocks().ofFirmware().containsKey(node)) {
      line(name + " = <" + plan.clocks().ofFirmware().get(node) + ">;");
    } else {
      String value = property.source();
      line(value.isEmpty() ? name + ";" : name + " = " + value + ";");
    }
  }

  /** Only what all leads to nodes of this tree can stay. */
  private void references(Property property) {
    List<String> cells = new ArrayList<>();
    for (Reference reference : Reference.of(plan.board().tree(), property)) {
      Node target = reference.target();
      Clocks.Output output = Clocks.Output.of(reference);
      if (plan.has(target)) {
        String arguments =
            reference.arguments().stream().map(cell -> " " + cell).collect(Collectors.joining());
        cells.add("<&" + label(target) + arguments + ">");
      } else if (property.name().equals("clocks") && plan.clocks().outputs().containsKey(output)) {
        cells.add("<&" + output.label() + ">");
      } else {
        return;
      }
    }
    line(property.name() + " = " + String.join(", ", cells) + ";");
  }

  private void interrupts(Node node) {
    List<Interrupt> interrupts = plan.board().tree().interrupts(node);
    Property raw = node.property("interrupts");
    if (!interrupts.isEmpty()) {
      line(
          "interrupts = "
              + interrupts.stream()
                  .map(one -> "<" + one.type() + " " + one.number() + " " + one.flags() + ">")
                  .collect(Collectors.joining(", "))
              + ";");
    } else if (raw != null) {
      plan.board()
          .interruptController(node)
          .ifPresent(controller -> line("interrupt-parent = <&" + label(controller) + ">;"));
      line("interrupts = " + raw.source() + ";");
    }
  }

  private static String registers(Node node) {
    return node.regions().stream()
        .map(region -> "<" + twoCells(region.base()) + " " + twoCells(region.size()) + ">")
        .collect(Collectors.joining(", "));
  }

  /** Physical address, size, and the address in the DomU, which is the same. */
  private static String pages(Node node) {
    return node.regions().stream()
        .map(Region::pages)
        .map(region ->
            "<"
                + twoCells(region.base())
                + " "
                + twoCells(region.size())
                + " "
                + twoCells(region.base())
                + ">")
        .collect(Collectors.joining(", "));
  }

  private static String twoCells(long value) {
    return "0x"
        + Long.toHexString(value >>> Integer.SIZE)
        + " 0x"
        + Long.toHexString(value & 0xffffffffL);
  }

  private static String label(Node node) {
    return node.path().substring(1).replaceAll("[^A-Za-z0-9]+", "_");
  }

  private void cells() {
    line("#address-cells = <2>;");
    line("#size-cells = <2>;");
  }

  private void open(String name) {
    line(name + " {");
    depth++;
  }

  private void close() {
    depth--;
    line("};");
  }

  private void line(String line) {
    text.append("\t".repeat(depth)).append(line).append('\n');
  }
}
