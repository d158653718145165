package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that end badly: one status, the file's name, a remedy, and never a trace. */
class FailureTest {
  @TempDir private Path directory;

  private String fails(String... words) {
    PrintStream before = System.err;
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      assertEquals(1, Main.commandLine().execute(words));
    } finally {
      System.setErr(before);
    }
    String said = errors.toString(StandardCharsets.UTF_8);
    assertFalse(said.contains("\tat "), said);
    assertTrue(said.contains("\n  remedy: "), said);
    return said;
  }

  @Test
  void filesThatAreNotThere() {
    String missing = directory.resolve("none").resolve("a").toString();
    String folder = directory.toString();
    assertTrue(fails("map", "--board", "qemu", missing).contains(missing));
    assertTrue(fails("map", "--board", "qemu", folder).contains(folder + ": a folder"));
    assertTrue(fails("map", "--board", "qemu", "--svg", missing).contains("no " + missing));
    assertTrue(fails("map", "--board", "qemu", "--svg", folder).contains(folder));
    assertTrue(fails("trace", folder).contains("no recording at " + folder));
    String flash = "/soc@0/spi@108d2000";
    assertTrue(
        fails("passthrough", flash, "--board", "agilex5", "--output", missing).contains(missing));
  }

  @Test
  void treesThatAreNone() throws IOException {
    String noTree = Files.writeString(directory.resolve("a.dtb"), "hello").toString();
    String[] image = {"image", "--board", "agilex5", "--dtb", ""};
    image[4] = noTree;
    assertTrue(fails(image).contains(noTree + " is not a compiled device tree"));
    image[4] = directory.toString();
    assertTrue(fails(image).contains(directory + ": a folder"));
    image[4] = directory.resolve("none").toString();
    assertTrue(fails(image).contains("there is no " + image[4]));
  }

  @Test
  void nodesBoardsAndClocksThatThereAreNot() {
    assertTrue(fails("passthrough", "spi", "--board", "agilex5").contains("/soc@0/spi@108d2000"));
    assertTrue(fails("passthrough", "", "--board", "agilex5").contains("ristretto map --board"));
    assertTrue(
        fails("passthrough", "/soc@0/spi@108d3000", "--board", "agilex5")
            .contains("write /soc@0/spi@108d2000"));
    assertTrue(fails("passthrough", "/a", "--board", "agilex6").contains("one of agilex3, "));
    for (String hertz : new String[] {"0", "-5", "4294967296"}) {
      String clock = "qspi-clk=" + hertz;
      String said =
          fails("passthrough", "/soc@0/spi@108d2000", "--board", "agilex5", "--clock", clock);
      assertTrue(said.contains("--clock " + clock + ": no frequency"), said);
    }
  }

  @Test
  void defectsOfTheToolSayWhere() {
    String said = Failure.explain(new IllegalStateException("x"));
    assertTrue(said.contains("a defect of this tool: java.lang.IllegalStateException: x"), said);
    assertTrue(said.contains("FailureTest.java"), said);
  }
}
