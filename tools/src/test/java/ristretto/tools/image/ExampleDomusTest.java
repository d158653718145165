package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.tools.board.Board;
import ristretto.tools.check.Subject;
import ristretto.tools.check.rule.Rules;
import ristretto.tools.uboot.BootScripts;

/** What is in /home/root/xen of a board's card. */
class ExampleDomusTest {
  @TempDir private Path directory;

  private List<Path> written(String board) throws IOException {
    Board described = Board.named(board);
    new ExampleDomus(described, CardTarget.named(board, null).deviceType()).write(directory);
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private String text(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  /** The card's script; which kernel it loads does not matter. */
  private Path script(String board) throws IOException {
    Path kernel = Files.write(directory.resolve("Image"), KernelFileTest.image(8));
    CardContents contents =
        new CardContents(kernel, null, kernel, null, kernel, List.of(), directory, "4.20");
    String script =
        new BootScripts(new SdCard(CardTarget.named(board, null), contents).setup()).xenScript();
    return Files.writeString(directory.resolve("boot.scr.xen.txt"), script);
  }

  /** Each configuration alone and with the card's script: `check` has nothing to say. */
  @ParameterizedTest
  @ValueSource(strings = {"agilex5", "agilex5-modular", "agilex7", "agilex3", "qemu"})
  void checkFindsNothing(String name) throws IOException {
    Board board = Board.named(name);
    List<Path> files = new ArrayList<>(written(name));
    files.removeIf(file -> file.endsWith("README"));
    int devices = board.facts().words("card.devices").size();
    assertEquals(1 + 2 * devices, files.size(), files.toString());
    Path script = script(name);
    for (Path file : files) {
      Subject subject = new Subject(board);
      subject.add(file);
      assertEquals(List.of(), Rules.check(subject), file.toString());
      subject.add(script);
      assertEquals(List.of(), Rules.check(subject), file + " and the script");
    }
  }

  @Test
  void devicesHaveTheirPagesInterruptsAndStreams() throws IOException {
    written("agilex5");
    assertTrue(
        text("spi@108d2000.cfg")
            .endsWith(
                """
                device_tree = "/home/root/xen/spi@108d2000.dtb"
                iomem = [ "0x108d2,0x1", "0x10900,0x100" ]
                irqs = [ 35 ]
                """),
        () -> "spi@108d2000.cfg");
    assertTrue(text("usb@10b00000.cfg").contains("dtdev = [ \"/soc@0/usb@10b00000\" ]"));
    assertTrue(text("usb@10b00000.cfg").contains("Ristretto drives none yet"));
    assertTrue(text("DomU1.cfg").contains("cpus = \"2-3\""));
  }

  @Test
  void theReadmeSaysWhyEthernetIsNotThere() throws IOException {
    written("agilex7");
    String readme = text("README");
    assertTrue(readme.contains("Ethernet is not here (/soc@0/ethernet@ff800000)"), readme);
    assertTrue(readme.contains("spi@ff8d2000.cfg\n"), readme);
  }
}
