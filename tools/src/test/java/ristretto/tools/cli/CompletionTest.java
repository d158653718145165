package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.AutoComplete;
import ristretto.tools.host.Command;

/** The completion script as bash understands it. */
class CompletionTest {
  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        directory.resolve("completion"), AutoComplete.bash("ristretto", Main.commandLine()));
  }

  private String bash(String script) {
    return Command.of("bash", "-c", "source " + directory + "/completion; " + script).run().strip();
  }

  private String completed(String... words) {
    int last = words.length - 1;
    return bash(
        "COMP_WORDS=("
            + String.join(" ", words)
            + "); COMP_CWORD="
            + last
            + "; _complete_ristretto 2>/dev/null; echo \"${COMPREPLY[*]}\"");
  }

  @Test
  void bashTakesTheScript() {
    assertTrue(bash("complete -p ristretto").endsWith(" -F _complete_ristretto ristretto"));
  }

  @Test
  void commandsAndOptionsAreCompleted() {
    assertEquals("bench", completed("ristretto", "be"));
    assertEquals("--suite", completed("ristretto", "run", "--su"));
    assertEquals("--quick", completed("ristretto", "test", "--q"));
    assertEquals("--help", completed("ristretto", "fuzz", "--h"));
    assertEquals("passthrough", completed("ristretto", "pass"));
  }

  @Test
  void boardsAreCompleted() {
    for (String command : new String[] {"check", "map", "passthrough", "image"}) {
      assertEquals("agilex7", completed("ristretto", command, "--board", "agilex7"), command);
      assertEquals(
          "agilex5 agilex5-modular",
          completed("ristretto", command, "--board", "agilex5"),
          command);
    }
  }
}
