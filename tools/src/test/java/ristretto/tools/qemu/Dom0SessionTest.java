package ristretto.tools.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.tools.console.Expect;

/** A shell plays the machine. */
class Dom0SessionTest {
  private static Dom0Session machine(String script) {
    QemuProcess process = QemuProcess.start(List.of("sh", "-c", script));
    return new Dom0Session(process, new Expect(process.console().start()));
  }

  @Test
  void aMachineThatNeverGetsToItsShellIsEnded() {
    // It closes its console and goes on, so that nothing has to be waited for.
    Dom0Session session = machine("echo half a boot; exec >&- <&- sleep 600");
    Expect.Failure failure = assertThrows(Expect.Failure.class, session::awaitShell);
    assertTrue(failure.toString().contains("half a boot"), failure.toString());
    assertFalse(session.isRunning());
    session.close(); // once more does no harm
  }

  @Test
  void aMachineThatGetsToItsShellGoesOn() {
    try (Dom0Session session = machine("printf '" + Dom0Session.PROMPT + "'; exec cat")) {
      assertEquals(session, session.awaitShell());
      assertTrue(session.isRunning());
    }
  }
}
