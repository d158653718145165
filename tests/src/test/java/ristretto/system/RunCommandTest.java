package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.Command;
import ristretto.tools.image.CompilerProcess;

/** {@code ./ristretto run --exec}: what scripts use. */
@Tag("system")
class RunCommandTest {
  private static Command.Result run(String... arguments) {
    return CompilerProcess.of("ristretto.tools.cli.Main", List.of(), List.of(arguments)).attempt();
  }

  @Test
  void exitsWithTheStatusOfTheCommands() {
    Systems.note("run --exec 'exit 3'");
    Command.Result result = run("run", "--kernel-direct", "--exec", "echo said; exit 3");
    assertTrue(result.output().contains("said\n"), result.output());
    assertEquals(3, result.status(), result.output());
  }

  @Test
  void saysWhatQemuSaysOfAMachineThatThereIsNot() {
    Systems.note("run --exec with a CPU that QEMU does not know");
    Command.Result result = run("run", "--kernel-direct", "--cpu", "z80", "--exec", "true");
    assertEquals(1, result.status(), result.output());
    assertTrue(result.output().contains("the machine ended before"), result.output());
    assertTrue(result.output().contains("z80"), result.output());
  }

  @Test
  void endsWithStatus124WhenTheTimeIsOver() {
    Systems.note("run --exec with a deadline that nothing meets");
    Command.Result result = run("run", "--kernel-direct", "--timeout", "2", "--exec", "true");
    assertEquals(124, result.status(), result.output());
  }
}
