package ristretto.tools.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Progress progress =
      new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);

  @Test
  void saysNothingOfQuickSteps() {
    assertEquals(42, progress.compute("quick", () -> 42));
    assertEquals("", printed());
  }

  @Test
  void namesSlowStepsWhenTheyStartAndEnd() {
    progress.step("slow", () -> Thread.sleep(1200));
    assertEquals("slow …\nslow: done, 1 s\n", printed());
  }

  @Test
  void tellsWhichStepFailed() {
    ToolException failure =
        assertThrows(
            ToolException.class,
            () ->
                progress.step(
                    "fetching",
                    () -> {
                      throw new IOException("no route");
                    }));
    assertTrue(failure.toString().contains("fetching: no route"));
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
