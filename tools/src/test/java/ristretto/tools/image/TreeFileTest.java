package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.board.Board;
import ristretto.tools.host.Command;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;

/** A device tree of a person's own, in the place of the board's. */
class TreeFileTest {
  private static final String LITTLE =
      """
      /dts-v1/;
      / {
        #address-cells = <1>;
        #size-cells = <1>;
        interrupt-controller@1d000000 {
          compatible = "arm,gic-v3";
          interrupt-controller;
          #interrupt-cells = <3>;
          reg = <0x1d000000 0x10000>;
        };
        CHOSEN
      };
      """;

  @TempDir private Path directory;

  private Path compiled(String source) throws IOException {
    Path text = Files.writeString(directory.resolve("own.dts"), source);
    Path tree = directory.resolve("own.dtb");
    Command.of("dtc", "-q", "-O", "dtb", "-o", tree.toString(), text.toString()).run();
    return tree;
  }

  private static void refuses(String board, Path tree, String why) {
    ToolException refusal = assertThrows(ToolException.class, () -> CardTarget.named(board, tree));
    assertTrue(refusal.toString().contains(why), refusal.toString());
  }

  @Test
  void isRefusedIfItIsOfAnotherMachine() throws IOException {
    Path tree = directory.resolve("agilex7.dtb");
    Path source = Project.current().home().resolve("boards/agilex7/board.dts");
    Command.of("dtc", "-q", "-O", "dtb", "-o", tree.toString(), source.toString()).run();
    assertEquals("devicetree/agilex7.dtb", CardTarget.named("agilex7", tree).tree());
    refuses("agilex5", tree, "at 0xfffc1000, and the board agilex5 has it at 0x1d000000");
    refuses("agilex5", tree, "for instance socfpga_agilex5_socdk.dtb");
    refuses("qemu", tree, "the board qemu has it at 0x8000000");
    refuses("qemu", compiled("/dts-v1/; / { };"), "has no interrupt controller");
  }

  @Test
  void isRefusedIfItIsNotThere() {
    refuses("agilex5", directory.resolve("x.dtb"), "--dtb: there is no ");
  }

  /** U-Boot's `fdt set` makes no node: on a tree without /chosen the script would stop there. */
  @Test
  void getsAPlaceForTheCommandLines() throws IOException {
    Path without = compiled(LITTLE.replace("CHOSEN", ""));
    assertEquals(List.of("fdt mknod / chosen"), CardTarget.named("agilex5", without).treeEdits());
    Path with = compiled(LITTLE.replace("CHOSEN", "chosen { bootargs = \"quiet\"; };"));
    assertEquals(List.of("fdt rm /chosen bootargs"), CardTarget.named("agilex5", with).treeEdits());
  }

  @Test
  void isSaidToHaveNoConsoleIfItNamesNone() throws IOException {
    Path tree = compiled(LITTLE.replace("CHOSEN", ""));
    assertTrue(TreeFile.notes(tree).toString().contains("no alias serial0"));
    for (String name : Board.names()) {
      Path source = Project.current().home().resolve("boards/" + name + "/board.dts");
      Command.of("dtc", "-q", "-O", "dtb", "-o", tree.toString(), source.toString()).run();
      assertEquals(List.of(), TreeFile.notes(tree), name);
    }
  }
}
