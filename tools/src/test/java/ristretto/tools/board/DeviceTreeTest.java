package ristretto.tools.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.host.Command;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;

/** Device trees as dtc reads them, with the places of what is in them. */
class DeviceTreeTest {
  private static final String SOURCE =
      """
      /dts-v1/;
      / {
        #address-cells = <2>;
        #size-cells = <2>;
        aliases { serial0 = &uart; };
        chosen { stdout-path = "serial0:115200n8"; };
        gic: interrupt-controller@1000 {
          compatible = "arm,gic-v3";
          reg = <0 0x1000 0 0x1000>;
          #interrupt-cells = <3>;
          interrupt-controller;
        };
        soc@0 {
          #address-cells = <1>;
          #size-cells = <1>;
          ranges = <0x0 0x1 0x10000000 0x100000>;
          interrupt-parent = <&gic>;
          uart: serial@2000 { compatible = "x,y", "z"; reg = <0x2000 0x100>;
            interrupts = <0 5 4>, <1 9 4>; };
        };
      };
      &uart {
        status = "disabled";
        odd = "/* { */ };";
      };
      """;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("a.dts");
    Files.writeString(file, SOURCE);
  }

  @Test
  void knowsWhereEverythingIs() throws IOException {
    Node uart = DeviceTree.read(file).find("serial0").orElseThrow();
    assertEquals(new Position(file.toString(), 18, 23), uart.position(), "its brace");
    assertEquals(new Position(file.toString(), 18, 50), place(uart, "reg"));
    assertEquals(new Position(file.toString(), 23, 3), place(uart, "status"));
    assertEquals(new Position(file.toString(), 24, 3), place(uart, "odd"));
  }

  private static Position place(Node node, String property) {
    return Objects.requireNonNull(node.property(property)).position();
  }

  @Test
  void givesAddressesAndInterruptsAsTheCpusSeeThem() throws IOException {
    DeviceTree tree = DeviceTree.read(file);
    Node uart = tree.console().orElseThrow();
    assertEquals("/soc@0/serial@2000", uart.path());
    assertEquals(List.of(new Region(0x1_1000_2000L, 0x100)), uart.regions());
    assertEquals(List.of(37, 25), tree.interrupts(uart).stream().map(Interrupt::id).toList());
    assertEquals(List.of("x,y", "z"), uart.compatible());
    assertFalse(uart.isEnabled());
  }

  @Test
  void readsABinaryTreeToo() throws IOException {
    Path binary = directory.resolve("a.dtb");
    Command.of("dtc", "-q", "-O", "dtb", "-o", binary.toString(), file.toString()).run();
    Node uart = DeviceTree.read(binary).find("/soc@0/serial@2000").orElseThrow();
    assertEquals("\"x,y\", \"z\"", Objects.requireNonNull(uart.property("compatible")).source());
    assertEquals(Position.of(binary.toString()), uart.position());
  }

  @Test
  void saysWhereItIsNoDeviceTree() throws IOException {
    Files.writeString(file, "/dts-v1/;\n/ {\n  a = <1 2;\n};\n");
    SourceException problem = assertThrows(SourceException.class, () -> DeviceTree.read(file));
    assertEquals(new Position(file.toString(), 3, 11), problem.position());
    assertEquals("dtc: syntax error", problem.problem());
    Files.writeString(file, "/dts-v1/;\n/ {\n  a = <&nowhere>;\n};\n");
    problem = assertThrows(SourceException.class, () -> DeviceTree.read(file));
    assertTrue(problem.problem().contains("nowhere"), problem.problem());
  }
}
