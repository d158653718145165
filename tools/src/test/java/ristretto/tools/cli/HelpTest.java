package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** Help is of use when it shows a call that one can copy. */
class HelpTest {
  @TestFactory
  List<DynamicTest> everyCommandHasAnExample() {
    CommandLine main = Main.commandLine();
    return main.getSubcommands().entrySet().stream()
        .filter(command -> !command.getKey().equals("help"))
        .map(command -> DynamicTest.dynamicTest(command.getKey(), () -> check(command)))
        .toList();
  }

  private static void check(Map.Entry<String, CommandLine> command) {
    String usage = command.getValue().getUsageMessage();
    assertTrue(usage.contains("Example:"), usage);
    assertTrue(usage.contains("./ristretto " + command.getKey()), usage);
    CommandLine.ParseResult parsed = Main.commandLine().parseArgs(command.getKey(), "--help");
    assertTrue(parsed.subcommand().isUsageHelpRequested());
  }
}
