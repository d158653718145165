package ristretto.tools.board;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.tools.source.Position;

/** A node of a device tree. Addresses are those of the CPUs: every bus above it is translated. */
public final class Node {
  private static final int DEFAULT_ADDRESS_CELLS = 2;
  private static final int DEFAULT_SIZE_CELLS = 1;

  /** libfdt, FDT_MAX_NCELLS: who says more has made a mistake. */
  private static final int MOST_CELLS = 4;

  private final String name;
  private final @Nullable Node parent;
  private Position position;
  private final Map<String, Node> children = new LinkedHashMap<>();
  private final Map<String, Property> properties = new LinkedHashMap<>();

  Node(String name, @Nullable Node parent, Position position) {
    this.name = name;
    this.parent = parent;
    this.position = position;
  }

  void add(Node child) {
    children.put(child.name, child);
  }

  void put(Property property) {
    properties.put(property.name(), property);
  }

  void moveTo(Position place) {
    position = place;
  }

  /** With its unit address; empty for the root. */
  public String name() {
    return name;
  }

  /** Without its unit address. */
  public String baseName() {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  public String path() {
    if (parent == null) {
      return "/";
    }
    return (parent.parent == null ? "" : parent.path()) + "/" + name;
  }

  public @Nullable Node parent() {
    return parent;
  }

  public Position position() {
    return position;
  }

  public Collection<Node> children() {
    return children.values();
  }

  public @Nullable Node child(String childName) {
    return children.get(childName);
  }

  public Collection<Property> properties() {
    return properties.values();
  }

  public @Nullable Property property(String propertyName) {
    return properties.get(propertyName);
  }

  public boolean has(String propertyName) {
    return properties.containsKey(propertyName);
  }

  /** The first string of a property. */
  public Optional<String> text(String propertyName) {
    return Optional.ofNullable(property(propertyName)).map(Property::text);
  }

  /** The first cell of a property. */
  public Optional<Integer> cell(String propertyName) {
    return Optional.ofNullable(property(propertyName))
        .filter(property -> property.cellCount() > 0)
        .map(property -> property.cell(0));
  }

  /**
   * Its interrupts are its parent's, unless it names a controller. Devicetree Specification, 2.4.
   */
  boolean isBelowInterruptController() {
    return parent != null && parent.has("interrupt-controller");
  }

  /** This node and all below it, parents first. */
  public Stream<Node> all() {
    return Stream.concat(Stream.of(this), children.values().stream().flatMap(Node::all));
  }

  public List<String> compatible() {
    Property property = property("compatible");
    return property == null ? List.of() : property.strings();
  }

  public boolean isCompatible(String device) {
    return compatible().contains(device);
  }

  /** The device is there for whoever reads this tree. */
  public boolean isEnabled() {
    return text("status").map(status -> status.equals("okay") || status.equals("ok")).orElse(true);
  }

  /** #address-cells for the children. */
  public int addressCells() {
    return cells("#address-cells", DEFAULT_ADDRESS_CELLS);
  }

  /** #size-cells for the children. */
  public int sizeCells() {
    return cells("#size-cells", DEFAULT_SIZE_CELLS);
  }

  private int cells(String property, int otherwise) {
    return cell(property).filter(count -> count >= 0 && count <= MOST_CELLS).orElse(otherwise);
  }

  /**
   * The register blocks that CPUs reach. Empty for a node without any, also for one whose `reg` is
   * no address of memory: a CPU, a PHY, a flash chip.
   */
  public List<Region> regions() {
    Property reg = property("reg");
    if (reg == null || parent == null || parent.sizeCells() == 0) {
      return List.of();
    }
    int addressCells = parent.addressCells();
    int sizeCells = parent.sizeCells();
    int step = addressCells + sizeCells;
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i + step <= reg.cellCount(); i += step) {
      long base = reg.number(i, addressCells);
      Optional<Long> address = parent.translate(base);
      if (address.isEmpty()) {
        return List.of();
      }
      regions.add(new Region(address.get(), reg.number(i + addressCells, sizeCells)));
    }
    return List.copyOf(regions);
  }

  /** An address of this bus as the CPUs see it; empty where no `ranges` leads up to them. */
  private Optional<Long> translate(long address) {
    if (parent == null) {
      return Optional.of(address);
    }
    Property ranges = property("ranges");
    if (ranges == null) {
      return Optional.empty();
    }
    if (ranges.cellCount() == 0) {
      return parent.translate(address);
    }
    int above = parent.addressCells();
    int step = addressCells() + above + sizeCells();
    for (int i = 0; step > 0 && i + step <= ranges.cellCount(); i += step) {
      Region window =
          new Region(
              ranges.number(i, addressCells()),
              ranges.number(i + addressCells() + above, sizeCells()));
      if (window.contains(address)) {
        long to = ranges.number(i + addressCells(), above);
        return parent.translate(address - window.base() + to);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return path();
  }
}
