package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.trace.RecordingWriter;

/** The command line of trace. */
class TraceCommandTest {
  private static final int CONTINUE_RUNNING = 0x21002;

  @TempDir private Path directory;
  private Path recording = Path.of("");
  private int status;

  @BeforeEach
  void write() throws IOException {
    recording = directory.resolve("recording");
    RecordingWriter writer = new RecordingWriter().cpu(0).frequency(0, 1_000_000);
    Files.write(recording, writer.record(5000, CONTINUE_RUNNING, 1 << 16).bytes());
  }

  private String run(String... words) {
    PrintStream output = System.out;
    PrintStream errors = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      status = Main.commandLine().execute(words);
    } finally {
      System.setOut(output);
      System.setErr(errors);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesSummaryPictureAndPerfettosFile() throws IOException {
    Path svg = directory.resolve("a.svg");
    Path json = directory.resolve("a.json");
    String said =
        run(
            "trace",
            recording.toString(),
            "--names",
            "1=web",
            "--svg",
            svg.toString(),
            "--perfetto",
            json.toString());
    assertEquals(0, status, said);
    assertTrue(said.startsWith("2 records in 5 ms on 1 CPUs\n"), said);
    assertTrue(said.contains("web v0"), said);
    assertTrue(Files.readString(svg).startsWith("<svg "));
    assertTrue(Files.readString(json).contains("\"name\":\"web v0\""));
  }

  @Test
  void aPictureOfNothingIsRefused() {
    String svg = directory.resolve("a.svg").toString();
    String said = run("trace", recording.toString(), "--from", "5", "--svg", svg);
    assertEquals(1, status);
    assertTrue(said.contains("nothing to draw from 5.0 ms on"), said);
    assertTrue(said.contains("the recording is 5.0 ms long"), said);
  }

  @Test
  void saysWhatIsWrongWithAFile() {
    String said = run("trace", directory.resolve("none").toString());
    assertEquals(1, status);
    assertTrue(said.contains("remedy: in Dom0: xentrace -D -T 5"), said);
  }
}
