package ristretto.tools.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Interrupt;
import ristretto.tools.board.Node;
import ristretto.tools.board.Region;
import ristretto.tools.source.Position;
import ristretto.tools.xl.CpuList;
import ristretto.tools.xl.XlConfig;
import ristretto.tools.xl.XlValue;

/** A DomU's configuration, and which of the board's devices it means. */
public final class DomuConfig {
  /** A physical interrupt that it asks for. */
  public record Irq(int id, Position position) {}

  private final XlConfig xl;
  private final Board board;
  private final @Nullable DeviceTree partial;
  private final Set<Node> devices = new LinkedHashSet<>();

  private DomuConfig(XlConfig xl, Board board, @Nullable DeviceTree partial) {
    this.xl = xl;
    this.board = board;
    this.partial = partial;
    findDevices();
  }

  /**
   * Takes a configuration, with its partial device tree where that is beside it, also as a source.
   */
  static DomuConfig of(XlConfig xl, Board board) throws IOException {
    for (Path file : treeFiles(xl)) {
      if (Files.isRegularFile(file)) {
        return new DomuConfig(xl, board, DeviceTree.read(file));
      }
    }
    return new DomuConfig(xl, board, null);
  }

  private static List<Path> treeFiles(XlConfig xl) {
    Optional<String> named = xl.text("device_tree");
    Path directory = xl.file().toAbsolutePath().getParent();
    if (named.isEmpty() || directory == null) {
      return List.of();
    }
    String name = named.get().replaceFirst(".*/", "");
    return List.of(
        directory.resolve(name.replaceFirst("\\.dtb$", ".dts")), directory.resolve(name));
  }

  private void findDevices() {
    xl.texts("dtdev").forEach(path -> board.device(path.text()).ifPresent(devices::add));
    if (partial != null) {
      partial.nodes().forEach(node -> original(node).ifPresent(devices::add));
    }
    for (IomemRange range : iomem()) {
      List<Node> there = board.devicesIn(range.firstPage());
      if (there.size() == 1 && !Board.isShared(there.getFirst())) {
        devices.addAll(there);
      }
    }
  }

  /** The board's device that a node of the partial tree describes. */
  public Optional<Node> original(Node described) {
    Optional<String> path = described.text("xen,path");
    if (path.isPresent()) {
      return board.device(path.get());
    }
    List<Region> regions = described.regions();
    return regions.isEmpty()
        ? Optional.empty()
        : board.devicesIn(new Region(regions.getFirst().base(), 1)).stream()
            .filter(node -> node.regions().getFirst().base() == regions.getFirst().base())
            .findFirst();
  }

  public XlConfig xl() {
    return xl;
  }

  public Optional<DeviceTree> partial() {
    return Optional.ofNullable(partial);
  }

  /** The board's devices that it is to have. */
  public Set<Node> devices() {
    return devices;
  }

  /** The items of `iomem` that xl understands. */
  public List<IomemRange> iomem() {
    return xl.texts("iomem").stream().flatMap(text -> IomemRange.of(text).stream()).toList();
  }

  /** The items of `irqs`. */
  public List<Irq> irqs() {
    List<Irq> irqs = new ArrayList<>();
    for (XlValue value : xl.list("irqs")) {
      switch (value) {
        case XlValue.Whole number -> irqs.add(new Irq((int) number.number(), value.position()));
        case XlValue.Text text when text.text().matches("\\d{1,4}") ->
            irqs.add(new Irq(Integer.parseInt(text.text()), value.position()));
        case XlValue.Text _, XlValue.Items _ -> {}
      }
    }
    return irqs;
  }

  /** The interrupts of a device: those that the partial tree gives it, else all of them. */
  public List<Interrupt> wanted(Node device) {
    if (partial != null) {
      Optional<Node> described =
          partial
              .nodes()
              .filter(node -> original(node).filter(device::equals).isPresent())
              .findFirst();
      if (described.isPresent()) {
        return partial.interrupts(described.get());
      }
    }
    return Stream.concat(Stream.of(device), device.children().stream())
        .flatMap(node -> board.tree().interrupts(node).stream())
        .toList();
  }

  /** The CPUs, of so many, that its vCPUs may run on. */
  public Set<Integer> cpus(int count) {
    return affinities(count).stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  /**
   * The CPUs, of so many, that a vCPU may run on: of each vCPU that has an item of `cpus` of its
   * own, and of the others. xl.cfg(5), "cpus".
   */
  public List<Set<Integer>> affinities(int count) {
    Optional<XlConfig.Setting> setting = xl.setting("cpus");
    if (setting.isEmpty()) {
      return List.of(CpuList.all(count));
    }
    if (!(setting.get().value() instanceof XlValue.Items(List<XlValue> items, Position _))) {
      return List.of(CpuList.of(setting.get().value(), count));
    }
    long vcpus = xl.number("maxvcpus").orElse(xl.number("vcpus").orElse(1));
    List<Set<Integer>> affinities = new ArrayList<>();
    items.stream().limit(vcpus).forEach(item -> affinities.add(CpuList.of(item, count)));
    if (vcpus > items.size()) {
      affinities.add(CpuList.all(count));
    }
    return affinities;
  }

  /** Where something that is missing would stand: after one of these keys. */
  public Position place(String... keys) {
    for (String key : keys) {
      Optional<XlConfig.Setting> setting = xl.setting(key);
      if (setting.isPresent()) {
        return setting.get().position();
      }
    }
    return new Position(xl.file().toString(), 1, 1);
  }
}
