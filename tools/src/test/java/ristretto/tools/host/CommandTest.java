package ristretto.tools.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {
  @Test
  void returnsWhatWasPrinted() {
    assertEquals("a\nb\n", Command.of("sh", "-c", "echo a; echo b >&2").run());
  }

  @Test
  void tellsStatusAndOutputOfAFailure() {
    ToolException failure =
        assertThrows(ToolException.class, () -> Command.of("sh", "-c", "echo why; exit 3").run());
    assertTrue(failure.toString().contains("status 3"));
    assertTrue(failure.toString().contains("why"));
  }

  @Test
  void namesAProgramThatIsNotThere() {
    ToolException failure =
        assertThrows(ToolException.class, () -> Command.of("no-such-program").run());
    assertTrue(failure.toString().contains("no-such-program"));
    assertTrue(failure.toString().contains("remedy: ./ristretto doctor"));
  }

  @Test
  void findsTheFailureInAPipeline() {
    List<Command> commands = List.of(Command.of("sh", "-c", "exit 4"), Command.of("cat"));
    ToolException failure = assertThrows(ToolException.class, () -> Command.pipeline(commands));
    assertTrue(failure.toString().contains("status 4"));
  }

  @Test
  void printsAsOneWouldType() {
    assertEquals("echo 'a b' 'it'\\''s'", Command.of("echo", "a b", "it's").toString());
  }
}
