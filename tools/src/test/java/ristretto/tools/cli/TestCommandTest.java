package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import ristretto.tools.host.ToolException;

class TestCommandTest {
  private static TestCommand of(String... words) {
    TestCommand command = new TestCommand();
    new CommandLine(command).parseArgs(words);
    return command;
  }

  @Test
  void anotherHypervisorIsForWholeSystemsAlone() {
    List<String> arguments = of("--hypervisor", "debian", "--tests", "XlSessionTest").arguments();
    assertTrue(arguments.contains("-Dristretto.hypervisor=debian"));
    assertTrue(arguments.contains("-Dgroups=system"));
    assertTrue(arguments.contains("-Dtest=XlSessionTest"));
  }

  @Test
  void withoutWordsEverythingRunsButEndurance() {
    List<String> arguments = of().arguments();
    assertTrue(arguments.contains("-DexcludedTags=endurance"));
    assertEquals("verify", arguments.getLast());
  }

  @Test
  void choicesExcludeEachOther() {
    assertThrows(ToolException.class, () -> of("--quick", "--hypervisor", "debian").call());
  }
}
