package ristretto.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExpectTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration AT_ONCE = Duration.ofMillis(20);

  private final FakeMachine machine = new FakeMachine();
  private final Expect console = new Expect(machine.line());

  @Test
  void returnsWhatCameBeforeTheMatch() {
    machine.say("one two three");
    assertEquals("one ", console.text("two", SOON));
  }

  @Test
  void goesOnWhereTheLastMatchEnded() {
    machine.say("login: login: ");
    console.text("login: ", SOON);
    assertEquals("", console.text("login: ", SOON));
    assertThrows(Expect.Failure.class, () -> console.text("login: ", AT_ONCE));
  }

  @Test
  void waitsForWhatComesLater() {
    Thread.ofVirtual()
        .start(() -> {
          machine.say("boo");
          machine.say("ting 42\r\n");
        });
    assertEquals("42", console.matching("^booting (\\d+)", SOON).group(1));
  }

  @Test
  void refusesWhatWasSaidAtAnyTime() {
    machine.say("a fault\nlogin: ");
    console.text("login: ", SOON);
    console.refuse(Pattern.compile("panic"));
    assertThrows(Expect.Failure.class, () -> console.refuse(Pattern.compile("a f[a-z]*t")));
  }

  @Test
  void failsWithTheWholeTranscript() {
    machine.say("first\nsecond\n");
    console.text("second", SOON);
    Expect.Failure failure =
        assertThrows(Expect.Failure.class, () -> console.text("third", AT_ONCE));
    assertTrue(failure.toString().contains("third"));
    assertTrue(failure.toString().contains("first\nsecond\n"));
  }

  @Test
  void doesNotWaitForAMachineThatStopped() {
    machine.say("bye");
    machine.stop();
    Expect.Failure failure =
        assertThrows(Expect.Failure.class, () -> console.text("never", Duration.ofMinutes(5)));
    assertTrue(failure.toString().contains("stopped before"));
  }

  @Test
  void returnsACommandsOutputWithoutItsEcho() throws InterruptedException {
    Thread.ofVirtual()
        .start(() -> {
          try {
            machine.awaitTyped("nproc\n");
            machine.say("nproc\r\r\n4\r\r\n# ");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertEquals("4\n", console.command("nproc", "# ", SOON));
  }
}
