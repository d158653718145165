package ristretto.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.ToolException;

/** Files of xentrace, whole and damaged. */
class RecordingReaderTest {
  private static final int HERTZ = 62_500_000;

  private static Recording read(byte[] content) {
    return RecordingReader.read(content, false, OptionalLong.empty());
  }

  private static RecordingWriter sample() {
    return new RecordingWriter()
        .cpu(0)
        .frequency(1000, HERTZ)
        .record(2000, TraceRecord.WAKE, 0, 1)
        .filler(3)
        .record(4000, TraceRecord.CONTINUE_RUNNING, 1)
        .cpu(1)
        .filler(0)
        .record(3000, TraceRecord.LOST_RECORDS, 7, 0, 0, 0);
  }

  @Test
  void recordsAreInTheOrderOfTheirTimes() {
    Recording recording = read(sample().bytes());
    assertEquals(
        List.of(1000L, 2000L, 3000L, 4000L),
        recording.records().stream().map(TraceRecord::time).toList());
    assertEquals(1, recording.records().get(2).cpu());
    assertEquals(List.of(0, 1), recording.records().get(1).words());
    assertEquals(7, recording.lost());
    assertEquals(HERTZ, recording.frequency());
    assertEquals(48_000, recording.duration(), "3000 ticks of 16 ns");
    assertEquals(0, recording.missing());
  }

  private static void assertRefused(byte[] content, String problem, String remedy) {
    String message = assertThrows(ToolException.class, () -> read(content)).toString();
    assertTrue(message.contains(problem) && message.contains("remedy: " + remedy), message);
  }

  @Test
  void whatIsNoRecordingIsRefusedWithARemedy() {
    assertRefused(new byte[0], "is empty", "xentrace writes it when it ends");
    assertRefused(new byte[] {0x1f, (byte) 0x8b, 8, 0}, "is compressed", "gunzip");
    assertRefused(
        "A/ABIAAAAAA=\n".getBytes(StandardCharsets.US_ASCII), "is text", "if it is base64");
    assertRefused(
        new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}, "this is no recording", "in Dom0: xentrace");
    assertRefused(new RecordingWriter().cpu(0).filler(2).bytes(), "no records", "xentrace -e");
  }

  @Test
  void everyCutIsFound() {
    byte[] whole = sample().bytes();
    int second = 12 + 20 + 20 + 16 + 16; // where the other CPU's window begins
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (length < 4) {
        assertThrows(ToolException.class, () -> read(cut));
      } else if (length != second) {
        assertRefused(cut, "is cut off", "copy it again");
      }
    }
    Recording rest =
        RecordingReader.read(Arrays.copyOf(whole, whole.length - 3), true, OptionalLong.empty());
    assertEquals(3, rest.records().size());
    assertEquals(25, rest.missing());
  }

  @Test
  void damageIsFoundWhereItIs() {
    byte[] content = sample().bytes();
    content[8] = (byte) (content[8] + 4); // the window's length
    assertRefused(content, "is damaged at byte 84", "record and copy it again");
    byte[] untimed = sample().bytes();
    untimed[15] = (byte) (untimed[15] & 0x7f); // the first record's flag
    assertRefused(untimed, "is damaged at byte 12: a record has no time", "record");
    byte[] words = new RecordingWriter().cpu(0).record(1, TraceRecord.TRAP, 1).bytes();
    assertRefused(words, "event 0x804001 with 1 words", "record");
    byte[] cpu = sample().bytes();
    cpu[7] = 1;
    assertRefused(cpu, "CPU 16777216", "record");
  }

  @Test
  void theFrequencyIsInTheRecordingOrGiven() {
    byte[] content = new RecordingWriter().cpu(0).record(1, TraceRecord.WAKE, 0, 0).bytes();
    assertRefused(content, "how fast its clock counts", "add --frequency HZ");
    assertEquals(5, RecordingReader.read(content, false, OptionalLong.of(5)).frequency());
  }
}
