package ristretto.tools.board;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.tools.host.Command;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/**
 * A device tree. Debian's dtc reads sources: it is the grammar's only full implementation, and
 * tells the place of every node and property (`--annotate`). What it compiles is read here.
 */
public final class DeviceTree {
  /** The interrupt controller that xl gives to DomUs: GUEST_PHANDLE_GIC of arch-arm.h. */
  public static final int GUEST_GIC = 65000;

  private static final int GIC_CELLS = 3;

  private final Node root;
  private final Map<Integer, Node> byPhandle = new HashMap<>();

  DeviceTree(Node root) {
    this.root = root;
    root.all()
        .forEach(node -> node.cell("phandle").ifPresent(phandle -> byPhandle.put(phandle, node)));
  }

  /**
   * Reads a source (.dts) or what dtc makes of one (.dtb).
   *
   * @throws SourceException where it is not a device tree, with dtc's own words
   */
  public static DeviceTree read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new SourceException(
          Position.of(file.toString()), "a folder", "name the device tree in it");
    }
    byte[] bytes = Files.readAllBytes(file);
    if (Flattened.looksLike(bytes)) {
      return new DeviceTree(Flattened.read(bytes, file.toString()));
    }
    Path compiled = Files.createTempFile("ristretto", ".dtb");
    try {
      run(file, "dtb", "-q", "-o", compiled.toString());
      Node root = Flattened.read(Files.readAllBytes(compiled), file.toString());
      Annotations.of(run(file, "dts", "-q", "-T", "-T")).place(root);
      return new DeviceTree(root);
    } finally {
      Files.delete(compiled);
    }
  }

  private static String run(Path file, String format, String... options) {
    List<String> words = new ArrayList<>(List.of("dtc", "-I", "dts", "-O", format));
    words.addAll(List.of(options));
    words.add(file.toString());
    Command.Result result = Command.of(words).attempt();
    if (!result.succeeded()) {
      throw Annotations.refusal(result.output(), Position.of(file.toString()));
    }
    return result.output();
  }

  public Node root() {
    return root;
  }

  public Stream<Node> nodes() {
    return root.all();
  }

  /** The node of a path (`/soc@0/spi@108d2000`) or an alias (`serial0`). */
  public Optional<Node> find(String path) {
    if (!path.startsWith("/")) {
      Node aliases = root.child("aliases");
      return aliases == null ? Optional.empty() : aliases.text(path).flatMap(this::find);
    }
    @Nullable Node node = root;
    for (String name : path.split("/")) {
      if (node != null && !name.isEmpty()) {
        node = node.child(name);
      }
    }
    return Optional.ofNullable(node);
  }

  public Optional<Node> byPhandle(int phandle) {
    return Optional.ofNullable(byPhandle.get(phandle));
  }

  /** The console: what /chosen's stdout-path names, without its options. */
  public Optional<Node> console() {
    Node chosen = root.child("chosen");
    return chosen == null
        ? Optional.empty()
        : chosen.text("stdout-path").flatMap(path -> find(path.replaceFirst(":.*", "")));
  }

  /**
   * The interrupts of a node at the GIC; those at other controllers, as a GPIO's, are left out.
   * Without a phandle to follow, a partial tree's controller is taken to be the DomU's GIC.
   */
  public List<Interrupt> interrupts(Node node) {
    Property extended = node.property("interrupts-extended");
    if (extended != null) {
      return extended(extended);
    }
    Property property = node.property("interrupts");
    if (property == null || !leadsToGic(node)) {
      return List.of();
    }
    List<Interrupt> interrupts = new ArrayList<>();
    for (int i = 0; i + GIC_CELLS <= property.cellCount(); i += GIC_CELLS) {
      interrupts.add(interrupt(property, i));
    }
    return List.copyOf(interrupts);
  }

  private static Interrupt interrupt(Property property, int at) {
    return new Interrupt(property.cell(at), property.cell(at + 1), property.cell(at + 2));
  }

  private List<Interrupt> extended(Property property) {
    List<Interrupt> interrupts = new ArrayList<>();
    int at = 0;
    while (at < property.cellCount()) {
      Node controller = byPhandle.get(property.cell(at));
      int cells =
          controller == null ? GIC_CELLS : controller.cell("#interrupt-cells").orElse(GIC_CELLS);
      boolean gic = controller == null || isGic(controller);
      if (gic && at + GIC_CELLS < property.cellCount()) {
        interrupts.add(interrupt(property, at + 1));
      }
      at += 1 + cells;
    }
    return List.copyOf(interrupts);
  }

  private boolean leadsToGic(Node node) {
    for (Node at = node; at != null; at = at.parent()) {
      Optional<Integer> phandle = at.cell("interrupt-parent");
      if (phandle.isPresent()) {
        return phandle.get() == GUEST_GIC
            || byPhandle(phandle.get()).map(DeviceTree::isGic).orElse(false);
      }
      if (at.isBelowInterruptController()) {
        return false; // a GIC has no devices below it
      }
    }
    return true;
  }

  /** A GIC of either version. */
  public static boolean isGic(Node node) {
    return node.has("interrupt-controller")
        && node.cell("#interrupt-cells").orElse(0) == GIC_CELLS
        && node.compatible().stream()
            .anyMatch(name -> name.startsWith("arm,gic") || name.startsWith("arm,cortex-a"));
  }
}
