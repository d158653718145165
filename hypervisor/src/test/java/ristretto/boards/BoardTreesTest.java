package ristretto.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.fdt.DeviceTreeCompiler;
import ristretto.sim.DeviceTree;
import ristretto.sim.DeviceTree.Node;
import ristretto.sim.DeviceTree.Region;

/**
 * Our trees of the boards against Linux's, address by address and interrupt by interrupt, where
 * somebody has put those beside the checkout.
 */
class BoardTreesTest {
  /** Nodes that only Altera's trees have, by name; the others Linux must have too. */
  private static final Set<String> ALTERAS =
      Set.of("mmc0@10808000", "usb1@11000000", "usb@11000000");

  private static final String MAINTENANCE = "interrupt-controller@1d000000";

  @ParameterizedTest
  @CsvSource({
    "agilex5, socfpga_agilex5_socdk.dts",
    "agilex5-modular, socfpga_agilex5_socdk_modular.dts",
    "agilex3, socfpga_agilex3_socdk.dts",
    "agilex7, socfpga_agilex_socdk.dts",
  })
  void saysWhatLinuxSays(String board, String file) throws IOException {
    Path source = linux(file);
    DeviceTree ours = ours(board);
    DeviceTree linux = new DeviceTree(DeviceTreeCompiler.compile(Files.readString(source)));
    assertEquals(linux.root().strings("compatible"), ours.root().strings("compatible"));
    assertEquals(cpus(linux), cpus(ours));
    assertEquals(linux.node("/psci").string("method"), ours.node("/psci").string("method"));
    assertEquals(linux.interrupts(linux.node("/timer")), ours.interrupts(ours.node("/timer")));
    assertEquals(linux.interrupts(linux.node("/pmu")), ours.interrupts(ours.node("/pmu")));
    int compared = 0;
    for (Node node : devices(linux)) {
      compare(linux, node, ours, at(ours, node));
      compared++;
    }
    assertTrue(compared > 40, "compared " + compared);
    Set<Long> known = new HashSet<>();
    devices(linux).forEach(node -> known.add(node.registers().getFirst().base()));
    for (Node node : devices(ours)) {
      assertTrue(
          ALTERAS.contains(node.name) || known.contains(node.registers().getFirst().base()),
          () -> "Linux does not have " + node);
    }
  }

  private static Path linux(String file) throws IOException {
    List<Path> found =
        DeviceTreeCompiler.boards().stream().filter(path -> path.endsWith(file)).toList();
    assumeTrue(!found.isEmpty(), "no board trees beside the checkout");
    return found.getFirst();
  }

  private static DeviceTree ours(String board) {
    return new DeviceTree(DeviceTreeCompiler.board(board, ""));
  }

  /** Everything that a CPU can address, but for RAM, whose size the loader knows. */
  private static List<Node> devices(DeviceTree tree) {
    Predicate<Node> isRam = node -> node.string("device_type").equals("memory");
    return tree.root().all().filter(isRam.negate()).filter(n -> !n.registers().isEmpty()).toList();
  }

  private static Node at(DeviceTree tree, Node like) {
    Region place = like.registers().getFirst();
    List<Node> found =
        devices(tree).stream()
            .filter(node -> node.registers().getFirst().equals(place))
            .filter(node -> node.strings("compatible").containsAll(like.strings("compatible")))
            .toList();
    assertEquals(1, found.size(), () -> like + " is not in our tree, or differs: " + found);
    return found.getFirst();
  }

  private static void compare(DeviceTree linux, Node theirs, DeviceTree tree, Node ours) {
    assertEquals(theirs.registers(), ours.registers(), theirs::toString);
    List<Integer> interrupts = linux.interrupts(theirs);
    if (theirs.name.equals(MAINTENANCE)) {
      assertEquals(List.of(16 + 25 | 4 << 16), interrupts, "Linux has mended its tree");
      interrupts = List.of(25 | 4 << 16);
    }
    // Altera's trees add an interrupt for each queue of a network interface behind the first.
    List<Integer> more = tree.interrupts(ours);
    assertTrue(more.size() >= interrupts.size(), theirs::toString);
    assertEquals(interrupts, more.subList(0, interrupts.size()), theirs::toString);
    assertEquals(
        linux.references(theirs, "clocks", "#clock-cells"),
        tree.references(ours, "clocks", "#clock-cells"),
        theirs::toString);
    assertEquals(
        linux.references(theirs, "resets", "#reset-cells"),
        tree.references(ours, "resets", "#reset-cells"),
        theirs::toString);
    assertEquals(
        linux.references(theirs, "iommus", "#iommu-cells"),
        tree.references(ours, "iommus", "#iommu-cells"),
        theirs::toString);
    assertEquals(
        linux.references(theirs, "dmas", "#dma-cells"),
        tree.references(ours, "dmas", "#dma-cells"),
        theirs::toString);
  }

  private static Set<String> cpus(DeviceTree tree) {
    return tree.node("/cpus").children.stream()
        .filter(node -> node.has("enable-method"))
        .map(node -> node.string("compatible") + " " + node.cell("reg", -1))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"agilex5", "agilex5-modular", "agilex3"})
  void givesEachQueueOfANetworkInterfaceItsInterrupt(String board) {
    DeviceTree tree = ours(board);
    for (int i = 0; i < 3; i++) {
      Node node = tree.node("/soc@0/ethernet@108%d0000".formatted(i + 1));
      List<Integer> interrupts = tree.interrupts(node);
      assertEquals(17, interrupts.size());
      for (int queue = 0; queue < 17; queue++) {
        assertEquals(32 + 190 + 17 * i + queue | 4 << 16, interrupts.get(queue));
      }
      assertEquals(17, node.strings("interrupt-names").size());
    }
  }

  /** What several devices share; ../docs/boards says so too. */
  @ParameterizedTest
  @CsvSource({
    "agilex5, 0x10c02000, 7",
    "agilex5, 0x10c03000, 4",
    "agilex5, 0x10d00000, 7",
    "agilex7, 0xffc02000, 7",
    "agilex7, 0xffc03000, 4",
    "agilex7, 0xffd00000, 6"
  })
  void showsPagesOfSeveralDevices(String board, String page, int devices) {
    long base = Long.decode(page);
    assertEquals(
        devices,
        devices(ours(board)).stream()
            .filter(node -> (node.registers().getFirst().base() & -0x1000) == base)
            .count());
  }

  /** Linux finds the firmware's services through these. */
  @ParameterizedTest
  @ValueSource(strings = {"agilex5", "agilex5-modular", "agilex3", "agilex7"})
  void namesTheFirmwaresServices(String board) {
    DeviceTree tree = ours(board);
    Node svc = tree.node("/firmware/svc");
    assertEquals("smc", svc.string("method"));
    Node buffer = tree.byPhandle(svc.cell("memory-region", 0));
    assertTrue(buffer.has("no-map"));
    assertEquals(0x200_0000, buffer.registers().getFirst().size());
    assertNotNull(tree.find("/firmware/svc/fpga-mgr"));
  }
}
