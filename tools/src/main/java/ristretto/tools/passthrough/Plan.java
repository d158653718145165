package ristretto.tools.passthrough;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ristretto.tools.board.Board;
import ristretto.tools.board.Interrupt;
import ristretto.tools.board.Node;
import ristretto.tools.board.Property;
import ristretto.tools.board.Region;
import ristretto.tools.check.IomemRange;

/** Devices for one DomU: what they need, and what of it cannot be had. */
public final class Plan {
  private static final Set<String> OWN_PARTS =
      Set.of("phy-handle", "snps,axi-config", "snps,mtl-rx-config", "snps,mtl-tx-config");

  /** Parts of names of devices that read and write memory by themselves. */
  private static final List<String> MASTERS =
      List.of(
          "stmmac",
          "dwmac",
          "dwxgmac",
          "dwc2",
          "dwc3",
          "mshc",
          "sd4hc",
          "hp-nfc",
          "denali",
          "pl330",
          "axi-dma",
          "virtio,mmio",
          "fw-cfg",
          "ehci",
          "ohci",
          "xhci",
          "ahci",
          "pcie",
          "pci-host");

  private final Board board;
  private final List<Node> devices;
  private final Set<String> refusals = new LinkedHashSet<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<Node> added = new LinkedHashSet<>();
  private final Clocks clocks;

  /**
   * Plans for some devices. What is given twice, or is a part of another one, is there once.
   *
   * @param clocks frequencies in Hz of outputs of the clock manager, by their numbers, and of other
   *     clocks, by their names, in place of those that the board's description has
   */
  public Plan(Board board, List<Node> devices, Map<String, Long> clocks) {
    this.board = board;
    this.devices = devices.stream().distinct().filter(node -> !isPart(node, devices)).toList();
    this.clocks = new Clocks(board.facts(), clocks, refusals, notes);
    this.devices.forEach(this::examine);
  }

  private static boolean isPart(Node node, List<Node> devices) {
    return devices.stream().anyMatch(other -> other != node && other.all().anyMatch(node::equals));
  }

  /** Why it cannot be had, one sentence each; empty where it can. */
  public Set<String> refusals() {
    return refusals;
  }

  /** What is left out or has to be known, one sentence each. */
  public Set<String> notes() {
    return notes;
  }

  public Board board() {
    return board;
  }

  public List<Node> devices() {
    return devices;
  }

  /** Fixed clocks, regulators and simple PHYs that the devices need beside themselves. */
  Set<Node> added() {
    return added;
  }

  /** Clocks that the devices need. */
  Clocks clocks() {
    return clocks;
  }

  /** Clocks that were given, and that none of the devices has. */
  public Set<String> unusedClocks() {
    return clocks.unused();
  }

  /** Whether a node is in the partial tree, so that it can be pointed at. */
  boolean has(Node node) {
    return added.contains(node) || within(node);
  }

  private boolean within(Node node) {
    return devices.stream().flatMap(Node::all).anyMatch(node::equals);
  }

  /** The register blocks of all devices. */
  List<Region> regions() {
    return devices.stream().flatMap(Node::all).flatMap(node -> node.regions().stream()).toList();
  }

  /** xl's lines, without a newline at the end of the last. */
  public String xlLines(String tree) {
    StringBuilder lines = new StringBuilder("device_tree = \"" + tree + "\"\n");
    List<String> masters =
        devices.stream().filter(node -> node.has("iommus")).map(Node::path).toList();
    if (!masters.isEmpty()) {
      lines.append("dtdev = ").append(list(masters)).append('\n');
    }
    lines
        .append("iomem = ")
        .append(list(new LinkedHashSet<>(regions().stream().map(IomemRange::write).toList())));
    Set<Integer> irqs = new TreeSet<>();
    Stream<Node> nodes = devices.stream().flatMap(Node::all);
    nodes.forEach(node ->
        board.tree().interrupts(node).stream()
            .filter(Interrupt::isShared)
            .forEach(interrupt -> irqs.add(interrupt.id())));
    return lines
        + "\nirqs = [ "
        + irqs.stream().map(Object::toString).collect(Collectors.joining(", "))
        + " ]";
  }

  private static String list(Iterable<String> texts) {
    return "[ \"" + String.join("\", \"", texts) + "\" ]";
  }

  /** U-Boot's lines that keep the devices from Dom0. */
  public String scriptLines() {
    return devices.stream()
        .map(node -> "fdt set " + node.path() + " xen,passthrough")
        .collect(Collectors.joining("\n"));
  }

  private void examine(Node device) {
    String path = device.path();
    if (board.rootDevice("").filter(device::equals).isPresent()) {
      notes.add(path + " usually has Dom0's root on it: give Dom0 another one (root=)");
    }
    if (!device.isEnabled()) {
      notes.add(path + " is disabled in the board's tree: its pins may lead nowhere");
    }
    examineRegisters(device);
    for (Node node : device.all().toList()) {
      examineOwner(node);
      examineMemoryAccess(node);
      node.regions().forEach(region -> examinePages(node, region));
      examineProperties(node);
    }
  }

  /** What has no registers of its own hangs on a device that has some, and goes with that. */
  private void examineRegisters(Node device) {
    boolean registers = device.all().anyMatch(node -> !node.regions().isEmpty());
    boolean pins =
        device.all().flatMap(node -> node.properties().stream()).anyMatch(Reference::isGpio);
    if (registers || pins) {
      return;
    }
    Node owner = device.parent();
    while (owner != null && owner.regions().isEmpty()) {
      owner = owner.parent();
    }
    refusals.add(
        owner == null
            ? device.path() + " has no registers: there is nothing that a DomU could be given"
            : device.path() + " has no registers of its own: pass " + owner.path() + " through");
  }

  private void examineOwner(Node node) {
    String path = node.path();
    Node parent = node.parent();
    if (parent != null && parent.name().equals("reserved-memory")) {
      refusals.add(path + " is memory that the firmware or Dom0's drivers keep, no device");
    }
    if (node.text("device_type").filter("memory"::equals).isPresent()) {
      refusals.add(path + " is RAM, of which a DomU gets what its configuration says (memory=)");
    }
    if (node.isCompatible("mmio-sram")) {
      refusals.add(path + " is memory on the chip, which the firmware uses");
    }
    if (Board.isShared(node)) {
      refusals.add(path + " is what other devices depend on: it stays with Dom0 or the hypervisor");
    }
    if (board.tree().console().filter(node::equals).isPresent()) {
      refusals.add(path + " is the console, which the hypervisor keeps");
    }
  }

  private void examineMemoryAccess(Node node) {
    boolean master =
        node.has("#dma-cells")
            || node.compatible().stream()
                .anyMatch(name -> MASTERS.stream().anyMatch(name::contains));
    if (master && !hasStream(node)) {
      refusals.add(
          node.path()
              + " reads and writes memory by itself, and the tree names no SMMU that would keep it"
              + " to the DomU's");
    }
  }

  /** The stream number of a part is that of the whole: a controller in its glue. */
  private static boolean hasStream(Node node) {
    for (Node at = node; at != null; at = at.parent()) {
      if (at.has("iommus")) {
        return true;
      }
    }
    return false;
  }

  private void examinePages(Node device, Region region) {
    String others =
        board.devicesIn(region.pages()).stream()
            .filter(other -> !within(other))
            .map(other ->
                board.tree().console().filter(other::equals).isPresent()
                    ? other.name() + " (the console)"
                    : other.name())
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      refusals.add(
          device.path()
              + " shares its page 0x"
              + Long.toHexString(region.base() / Region.PAGE)
              + " with "
              + others
              + ": stage 2 cannot divide a page");
    }
  }

  private void examineProperties(Node node) {
    for (Property property : node.properties()) {
      if (Reference.isReference(property)) {
        for (Reference reference : Reference.of(board.tree(), property)) {
          examine(node, property, reference);
        }
      }
    }
    boolean elsewhere = node.has("interrupts") && board.tree().interrupts(node).isEmpty();
    if (elsewhere && board.interruptController(node).filter(this::within).isEmpty()) {
      refusals.add(node.path() + " has an interrupt at a controller that the DomU does not have");
    }
  }

  private void examine(Node node, Property property, Reference reference) {
    Node target = reference.target();
    String name = property.name();
    if (within(target)) {
      return;
    }
    if (name.equals("clocks")) {
      if (clocks.isCopied(node, reference)) {
        added.add(target);
      }
    } else if (name.endsWith("-supply")
        && target.isCompatible("regulator-fixed")
        && !target.has("gpio")) {
      added.add(target);
    } else if ((name.equals("phys") || name.equals("usb-phy"))
        && target.isCompatible("usb-nop-xceiv")) {
      added.add(target);
      examineProperties(target);
    } else if (Reference.isSystemManager(property)) {
      refusals.add(
          node.path()
              + " needs "
              + word(reference)
              + " of "
              + target.path()
              + " ("
              + name
              + "): with that page the DomU could change the stream numbers of all devices. Single"
              + " words of it come with the SMMU, which all that need one do DMA through:"
              + " docs/adr/0016-words-of-the-system-manager.md");
    } else if (Reference.isGpio(property)) {
      refusals.add(node.path() + " needs a GPIO of " + target.path() + ": pass that through, too");
    } else if (name.equals("phys") || OWN_PARTS.contains(name)) {
      refusals.add(
          node.path() + " needs " + target.path() + " (" + name + "), which stays with Dom0");
    } else if (name.equals("iommus")) {
      if (!target.isEnabled()) {
        notes.add(
            node.path()
                + ": "
                + target.path()
                + " is disabled in the board's tree: nothing limits the device's DMA until it is on");
      }
    } else {
      notes.add(node.path() + ": " + name + " is left out: " + target.path() + " stays with Dom0");
    }
  }

  /** Linux, altr,socfpga-stmmac.yaml: the offset of a register, and a shift in it. */
  private static String word(Reference reference) {
    return reference.arguments().isEmpty()
        ? "registers"
        : "word 0x" + Integer.toHexString(reference.arguments().getFirst());
  }
}
