package ristretto.tools.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Interrupt;
import ristretto.tools.board.Node;
import ristretto.tools.board.Region;
import ristretto.tools.source.Position;
import ristretto.tools.xl.XlConfig;
import ristretto.tools.xl.XlValue;

/** A DomU's configuration, and which of the board's devices it means. */
public final class DomuConfig {
  private static final Pattern CPU_RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");
  private static final int MOST_DIGITS = 9;

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
    List<XlValue> lists = xl.list("cpus");
    return lists.isEmpty()
        ? IntStream.range(0, count).boxed().collect(Collectors.toSet())
        : lists.stream().flatMap(list -> cpuList(list, count).stream()).collect(Collectors.toSet());
  }

  /** A CPULIST: "all", "0-3,5,^1"; nodes are not counted here. */
  public static Set<Integer> cpuList(XlValue value, int cpus) {
    Set<Integer> set = new HashSet<>();
    String text =
        switch (value) {
          case XlValue.Text string -> string.text();
          case XlValue.Whole number -> number.written();
          case XlValue.Items _ -> "all";
        };
    for (String part : text.split(",")) {
      String range = part.strip().replaceFirst("^\\^", "");
      Matcher numbers = CPU_RANGE.matcher(range);
      int from = numbers.matches() ? cpu(numbers.group(1)) : 0;
      int to = numbers.matches() ? cpu(numbers.group(2), from) : cpus - 1;
      Set<Integer> these =
          IntStream.rangeClosed(from, Math.min(to, cpus - 1)).boxed().collect(Collectors.toSet());
      if (part.strip().startsWith("^")) {
        set.removeAll(these);
      } else {
        set.addAll(these);
      }
    }
    return set;
  }

  private static int cpu(@Nullable String number, int otherwise) {
    return number == null ? otherwise : cpu(number);
  }

  /** A number with many digits is that of no CPU. */
  private static int cpu(String number) {
    return number.length() > MOST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(number);
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
