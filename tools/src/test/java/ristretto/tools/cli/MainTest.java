package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;

class MainTest {
  @Test
  void hasTheCommandsOfTheReadme() {
    assertTrue(
        Main.commandLine()
            .getSubcommands()
            .keySet()
            .containsAll(List.of("run", "test", "build", "bench", "doctor", "completion")));
  }

  @Test
  void takesYesBeforeAndAfterTheCommand() {
    for (String[] words : new String[][] {{"--yes", "doctor"}, {"doctor", "--yes"}}) {
      CommandLine line = Main.commandLine();
      line.parseArgs(words);
      Main main = line.getCommand();
      assertTrue(main.installsWithoutAsking());
    }
  }

  @Test
  void completesOptions() {
    assertTrue(AutoComplete.bash("ristretto", Main.commandLine()).contains("--dom0-append"));
  }

  @Test
  void refusesUnknownOptionsWithTheUsageStatus() {
    CommandLine line = Main.commandLine();
    line.setErr(new java.io.PrintWriter(java.io.Writer.nullWriter()));
    assertEquals(2, line.execute("run", "--no-such-option"));
  }
}
