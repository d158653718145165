package ristretto.tools.passthrough;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ristretto.tools.board.Board;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Node;
import ristretto.tools.board.Property;
import ristretto.tools.check.Finding;
import ristretto.tools.check.Subject;
import ristretto.tools.check.rule.Rules;

/** What is written for devices that are passed through, and what is refused. */
class PlanTest {
  private static final String[] QEMU = {"/pl031@9010000", "/pl061@9030000", "/gpio-keys"};

  @TempDir private Path directory;

  private static Plan plan(Board board, Map<String, Long> clocks, String... paths) {
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

  /** PassthroughTest of the system tests boots a DomU with these. */
  @Test
  void writesSeveralDevicesWithWhatTheyShare() throws IOException {
    Plan plan = plan(Board.named("qemu"), Map.of(), QEMU);
    assertEquals(List.of(), List.copyOf(plan.refusals()));
    DeviceTree written = compiled("w.dts", PartialTreeWriter.write(plan, false));
    assertEquals(
        List.of("apb-pclk", "pl031@9010000", "pl061@9030000", "gpio-keys"),
        written.find("/passthrough").orElseThrow().children().stream().map(Node::name).toList());
    Node gpio = written.find("/passthrough/pl061@9030000").orElseThrow();
    Node key = written.find("/passthrough/gpio-keys/poweroff").orElseThrow();
    assertEquals(gpio, written.byPhandle(key.cell("gpios").orElseThrow()).orElseThrow());
    assertEquals(
        """
        device_tree = "/root/domu3.dtb"
        iomem = [ "0x9010,0x1", "0x9030,0x1" ]
        irqs = [ 34, 39 ]\
        """,
        plan.xlLines("/root/domu3.dtb"));
    assertEquals(List.of(), check(plan));
  }

  /** Devices that a DomU can have, by board; everything else is refused for a reason. */
  static Stream<Arguments> boards() {
    String agilex5 =
        "mmc0@10808000 spi@108d2000 usb@10b00000 nand-controller@10b80000 i3c@10da0000"
            + " i3c@10da1000 spi@10da4000 spi@10da5000 dma-controller@10db0000"
            + " dma-controller@10dc0000 usb1@11000000";
    return Stream.of(
        Arguments.of("qemu", "pl031@9010000 pl061@9030000"),
        Arguments.of("agilex5", agilex5),
        Arguments.of("agilex5-modular", agilex5),
        Arguments.of("agilex3", agilex5),
        Arguments.of(
            "agilex7", "spi@ff8d2000 usb@ffb00000 usb@ffb40000 spi@ffda4000 spi@ffda5000"));
  }

  /** Whatever the node: files that dtc takes and in which check finds nothing, or a reason. */
  @ParameterizedTest
  @MethodSource("boards")
  void everyNodeIsRefusedOrRight(String name, String expected) throws IOException {
    Board board = Board.named(name);
    List<String> written = new ArrayList<>();
    for (Node node : board.tree().nodes().toList()) {
      Plan plan = new Plan(board, List.of(node), Map.of());
      if (plan.refusals().isEmpty()) {
        written.add(node.name());
        List<Finding> findings = check(plan);
        assertTrue(
            findings.stream().allMatch(finding -> finding.rule().equals("root-device")),
            () -> node + ": " + findings);
      }
    }
    assertEquals(expected, String.join(" ", written));
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
        "word 0x4c of /soc@0/sysmgr@10d12000 (altr,sysmgr-syscon)",
        "come with the SMMU",
        "--clock 48=HZ");
    refused("agilex5", "/soc@0/rstmgr@10d11000", "what other devices depend on");
    refused("agilex5", "/reserved-memory/svcbuffer@0", "memory that the firmware");
    refused("qemu", "/pl011@9000000", "the console");
    refused("qemu", "/gpio-keys", "needs a GPIO of /pl061@9030000: pass that through, too");
    refused("qemu", "/virtio_mmio@a003e00", "no SMMU that would keep it to the DomU's");
  }

  @Test
  void bringsClocksPhysAndStreamsAlong() throws IOException {
    Plan plan = plan(Board.named("agilex5"), Map.of("56", 200_000_000L), "/soc@0/usb@10b00000");
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

  /**
   * Why there is no filter for single words of the system manager: ADR 16. The error manager needs
   * all of it, and is what other devices depend on.
   */
  @Test
  void whoeverNeedsAWordOfTheSystemManagerDoesDma() {
    for (String name : List.of("agilex5", "agilex5-modular", "agilex3", "agilex7")) {
      List<Node> nodes =
          Board.named(name)
              .tree()
              .nodes()
              .filter(node -> node.has("altr,sysmgr-syscon"))
              .filter(node -> !node.baseName().equals("eccmgr"))
              .toList();
      assertTrue(nodes.size() >= 3, () -> name + ": " + nodes);
      assertTrue(nodes.stream().allMatch(node -> node.has("iommus")), () -> name + ": " + nodes);
    }
  }

  /** The tree of Linux says 200 MHz, the SDM something else. */
  @Test
  void theFlashControllersClockIsTheFirmwares() throws IOException {
    for (String name : List.of("agilex5", "agilex5-modular", "agilex3", "agilex7")) {
      String path = name.equals("agilex7") ? "/soc@0/spi@ff8d2000" : "/soc@0/spi@108d2000";
      assertEquals(400_000_000, flashClock(plan(Board.named(name), Map.of(), path)));
      Plan own = plan(Board.named(name), Map.of("qspi-clk", 500_000_000L), path);
      assertEquals(500_000_000, flashClock(own));
      assertTrue(own.notes().toString().contains("--clock qspi-clk=HZ"), own.notes().toString());
    }
  }

  private int flashClock(Plan plan) throws IOException {
    DeviceTree tree = compiled("q.dts", PartialTreeWriter.write(plan, false));
    Node clock = tree.find("/passthrough/qspi-clk").orElseThrow();
    return clock.cell("clock-frequency").orElseThrow();
  }

  private static final String OTHER_CLOCKS =
      """
      /dts-v1/;
      / {
        #address-cells = <1>;
        #size-cells = <1>;
        manager: clock-controller@1000 {
          compatible = "intel,agilex-clkmgr";
          reg = <0x1000 0x1000>;
          #clock-cells = <1>;
        };
        synthesizer: generator@2000 {
          compatible = "example,synthesizer";
          reg = <0x2000 0x1000>;
          #clock-cells = <1>;
        };
        half: half-clk {
          compatible = "fixed-factor-clock";
          #clock-cells = <0>;
          clocks = <&manager 0>;
        };
        timer@3000 {
          compatible = "example,timer";
          reg = <0x3000 0x1000>;
          clocks = <&manager 0>, <&synthesizer 0>, <&half>;
        };
      };
      """;

  /** Each has a frequency of its own, whatever its number; a number alone is the manager's. */
  @Test
  void outputsOfSeveralProvidersAreTheirOwn() throws IOException {
    Files.writeString(directory.resolve("board.dts"), OTHER_CLOCKS);
    Files.writeString(directory.resolve("board.properties"), "clock.0 = 1000\n");
    Board board = Board.in(directory);
    String refusals = plan(board, Map.of(), "/timer@3000").refusals().toString();
    assertTrue(refusals.contains("--clock generator@2000.0=HZ"), refusals);
    assertTrue(refusals.contains("needs /half-clk, whose frequency is not known"), refusals);
    assertTrue(refusals.contains("--clock half-clk=HZ"), refusals);
    assertFalse(refusals.contains("/clock-controller@1000"), refusals);
    Plan plan = plan(board, Map.of("generator@2000.0", 2000L, "half-clk", 500L), "/timer@3000");
    assertEquals(Set.of(), plan.refusals());
    DeviceTree written = compiled("c.dts", PartialTreeWriter.write(plan, false));
    Node timer = written.find("/passthrough/timer@3000").orElseThrow();
    Property clocks = Objects.requireNonNull(timer.property("clocks"));
    assertEquals(
        List.of(1000, 2000, 500),
        Stream.of(0, 1, 2)
            .map(i -> written.byPhandle(clocks.cell(i)).orElseThrow())
            .map(clock -> clock.cell("clock-frequency").orElseThrow())
            .toList());
  }

  @Test
  void aDeviceThatIsNamedTwiceIsWrittenOnce() throws IOException {
    Board board = Board.named("qemu");
    Plan plan = plan(board, Map.of(), "/pl061@9030000", "/gpio-keys", "/pl061@9030000");
    assertEquals(2, plan.devices().size());
    Plan part = plan(board, Map.of(), "/pl061@9030000", "/gpio-keys/poweroff", "/gpio-keys");
    assertEquals(plan.devices(), part.devices());
    assertEquals(PartialTreeWriter.write(plan, true), PartialTreeWriter.write(part, true));
    assertEquals(List.of(), check(plan));
  }

  @Test
  void aClockThatNothingNeedsIsNamed() {
    Plan plan = plan(Board.named("qemu"), Map.of("7", 1L), "/pl031@9010000");
    assertEquals(Set.of("7"), plan.unusedClocks());
  }

  @Test
  void saysThatAnSmmuIsOff() {
    Plan plan = plan(Board.named("agilex7"), Map.of(), "/soc@0/usb@ffb00000");
    assertTrue(
        plan.notes().toString().contains("/soc@0/iommu@fa000000 is disabled"),
        plan.notes().toString());
  }
}
