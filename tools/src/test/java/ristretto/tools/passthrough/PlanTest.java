package ristretto.tools.passthrough;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Node;
import ristretto.tools.board.Property;
import ristretto.tools.check.Finding;
import ristretto.tools.check.Subject;
import ristretto.tools.check.rule.Rules;
import ristretto.tools.host.Resources;

/** What is written for devices that are passed through, and what is refused. */
class PlanTest {
  private static final String[] QEMU = {"/pl031@9010000", "/pl061@9030000", "/gpio-keys"};

  @TempDir private Path directory;

  private static Plan plan(Board board, Map<Integer, Long> clocks, String... paths) {
    List<Node> nodes = Stream.of(paths).map(path -> board.device(path).orElseThrow()).toList();
    return new Plan(board, nodes, clocks);
  }

  private DeviceTree compiled(String name, String source) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, source);
    return DeviceTree.read(file);
  }

  private List<Finding> check(Plan plan) throws IOException {
    Subject subject = new Subject(plan.board());
    compiled("a.dts", PartialTreeWriter.write(plan, true));
    Path config = directory.resolve("a.cfg");
    Files.writeString(
        config, "name = \"a\"\nmemory = 128\ncpus = \"0\"\n" + plan.xlLines("/root/a.dtb") + "\n");
    Path script = directory.resolve("a.cmd");
    Files.writeString(script, plan.scriptLines() + "\n");
    for (Path file : List.of(config, script, directory.resolve("a.dts"))) {
      subject.add(file);
    }
    return Rules.check(subject);
  }

  /** A node but for names, and but for the numbers that dtc gives to what is pointed at. */
  private static Map<String, String> essence(Node node) {
    return node.properties().stream()
        .filter(property -> !property.name().equals("phandle"))
        .filter(property -> !property.name().equals("clock-output-names"))
        .collect(
            Collectors.toMap(
                Property::name,
                property ->
                    property.name().equals("clocks") || property.name().equals("gpios")
                        ? property.cellCount() + " cells"
                        : property.source(),
                (one, other) -> one,
                TreeMap::new));
  }

  /** PassthroughTest of the system tests boots a DomU with domu3.dts, written by hand. */
  @Test
  void writesWhatThePassthroughTestBoots() throws IOException {
    Plan plan = plan(Board.named("qemu"), Map.of(), QEMU);
    assertEquals(List.of(), List.copyOf(plan.refusals()));
    DeviceTree written = compiled("w.dts", PartialTreeWriter.write(plan, false));
    DeviceTree byHand = compiled("domu3.dts", Resources.text("domu/domu3.dts"));
    assertEquals(
        byHand.find("/passthrough").orElseThrow().all().map(PlanTest::essence).toList(),
        written.find("/passthrough").orElseThrow().all().map(PlanTest::essence).toList());
    assertEquals(
        """
        device_tree = "/root/domu3.dtb"
        iomem = [ "0x9010,0x1", "0x9030,0x1" ]
        irqs = [ 34, 39 ]\
        """,
        plan.xlLines("/root/domu3.dtb"));
    assertEquals(List.of(), check(plan));
  }

  /** Whatever the board: what is not refused compiles, and no rule of check finds anything. */
  @ParameterizedTest
  @ValueSource(strings = {"qemu", "agilex5", "agilex5-modular", "agilex7", "agilex3"})
  void everyDeviceIsRefusedOrRight(String name) throws IOException {
    Board board = Board.named(name);
    Map<Integer, Long> clocks =
        IntStream.range(0, 100).boxed().collect(Collectors.toMap(i -> i, i -> 100_000_000L));
    List<Node> devices =
        board
            .tree()
            .nodes()
            .filter(node -> !node.regions().isEmpty() && node.has("compatible"))
            .toList();
    int written = 0;
    for (Node device : devices) {
      Plan plan = new Plan(board, List.of(device), clocks);
      if (plan.refusals().isEmpty()) {
        written++;
        List<Finding> findings = check(plan);
        assertTrue(
            findings.stream().allMatch(finding -> finding.rule().equals("root-device")),
            () -> device + ": " + findings);
      }
    }
    assertTrue(written > 1, () -> "of " + devices);
  }

  private static void refused(String board, String path, String... reasons) {
    String all = String.join("\n", plan(Board.named(board), Map.of(), path).refusals());
    for (String reason : reasons) {
      assertTrue(all.contains(reason), () -> path + ": " + all);
    }
  }

  @Test
  void saysWhatCannotBeHad() {
    refused("agilex5", "/soc@0/serial@10c02100", "0x10c02 with serial@10c02000 (the console)");
    refused(
        "agilex5",
        "/soc@0/ethernet@10830000",
        "registers of /soc@0/sysmgr@10d12000 (altr,sysmgr-syscon)",
        "--clock 48=HZ");
    refused("agilex5", "/soc@0/rstmgr@10d11000", "what other devices depend on");
    refused("agilex5", "/reserved-memory/svcbuffer@0", "memory that the firmware");
    refused("qemu", "/pl011@9000000", "the console");
    refused("qemu", "/gpio-keys", "needs a GPIO of /pl061@9030000: pass that through, too");
    refused("qemu", "/virtio_mmio@a003e00", "no SMMU that would keep it to the DomU's");
  }

  @Test
  void bringsClocksPhysAndStreamsAlong() throws IOException {
    Plan plan = plan(Board.named("agilex5"), Map.of(56, 200_000_000L), "/soc@0/usb@10b00000");
    assertTrue(plan.xlLines("/root/a.dtb").contains("dtdev = [ \"/soc@0/usb@10b00000\" ]"));
    assertTrue(plan.notes().toString().contains("resets is left out"), plan.notes().toString());
    DeviceTree tree = compiled("u.dts", PartialTreeWriter.write(plan, false));
    Node usb = tree.find("/passthrough/usb@10b00000").orElseThrow();
    Node clock = tree.byPhandle(usb.cell("clocks").orElseThrow()).orElseThrow();
    assertEquals(200_000_000, clock.cell("clock-frequency").orElseThrow());
    Node phy = tree.byPhandle(usb.cell("phys").orElseThrow()).orElseThrow();
    assertTrue(phy.isCompatible("usb-nop-xceiv"));
    assertEquals(List.of(), check(plan));
  }

  @Test
  void saysThatAnSmmuIsOff() {
    Plan plan = plan(Board.named("agilex7"), Map.of(), "/soc@0/usb@ffb00000");
    assertTrue(
        plan.notes().toString().contains("/soc@0/iommu@fa000000 is disabled"),
        plan.notes().toString());
  }
}
