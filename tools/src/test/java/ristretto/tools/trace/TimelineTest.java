package ristretto.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static ristretto.tools.trace.VcpuState.BLOCKED;
import static ristretto.tools.trace.VcpuState.OFFLINE;
import static ristretto.tools.trace.VcpuState.RUNNABLE;
import static ristretto.tools.trace.VcpuState.RUNNING;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is made of the records: who ran, who waited, what trapped; and how it is shown. */
class TimelineTest {
  private static final int MICROSECOND = 1000;
  private static final int IDLE = 0x7fff << 16;
  private static final int WEB = 1 << 16;
  private static final VcpuId DOM0 = new VcpuId(0, 0);
  private static final VcpuId WEB0 = new VcpuId(1, 0);
  private static final Names NAMES = new Names(Map.of(0, "Dom0", 1, "<web> \"1\""));

  private static final int WFI = 0x01 << 26 | 1 << 25;
  private static final int HVC = 0x16 << 26 | 1 << 25;
  private static final int ABORT = 0x24 << 26 | 1 << 25;
  private static final int REGISTER = 0x18 << 26 | 1 << 25;

  /** A nanosecond is a tick. */
  private static RecordingWriter sample() {
    RecordingWriter writer = new RecordingWriter().cpu(0).frequency(5000, 1_000_000_000);
    int at = 10 * MICROSECOND;
    for (int round = 0; round < 4; round++) {
      writer
          .change(at, 0, BLOCKED, RUNNABLE)
          .change(at + 1000, IDLE, RUNNING, RUNNABLE)
          .change(at + 1000, 0, RUNNABLE, RUNNING)
          .trap(at + 60_000, 0, HVC | 0xea1, 2000, 32 | 4L << 32)
          .trap(at + 90_000, 0, HVC, 500, 0xc400_0003L)
          .trap(at + 100_000, 0, WFI, 1500, 0xffff_8000L)
          .change(at + 100_000, 0, RUNNING, BLOCKED)
          .change(at + 100_000, IDLE, RUNNABLE, RUNNING);
      at += 250 * MICROSECOND;
    }
    writer.cpu(1).record(6000, TraceRecord.CONTINUE_RUNNING, WEB);
    at = 20 * MICROSECOND;
    for (int round = 0; round < 3; round++) {
      writer
          .record(at + 40_000, TraceRecord.INTERRUPT, WEB, 27, 3000)
          .trap(at + 80_000, WEB, ABORT | 1 << 6, 4000, 0x0300_0104L)
          .trap(at + 90_000, WEB, REGISTER | 3 << 20 | 5 << 17 | 12 << 10 | 11 << 1, 2500, 64)
          .change(at + 100_000, WEB, RUNNING, BLOCKED)
          .change(at + 120_000, WEB + 1, OFFLINE, RUNNABLE)
          .change(at + 120_000, WEB + 1, RUNNABLE, RUNNING)
          .change(at + 150_000, WEB, BLOCKED, RUNNABLE)
          .change(at + 200_000, WEB + 1, RUNNING, OFFLINE)
          .change(at + 200_000, WEB, RUNNABLE, RUNNING);
      at += 300 * MICROSECOND;
    }
    return writer;
  }

  private static Timeline timeline() {
    return Timeline.of(RecordingReader.read(sample().bytes(), false, OptionalLong.empty()));
  }

  @Test
  void knowsWhoRanWhere() {
    Timeline timeline = timeline();
    assertEquals(List.of(0, 1), List.copyOf(timeline.cpus()));
    assertEquals(
        List.of(new VcpuId(0, 0), new VcpuId(1, 0), new VcpuId(1, 1)),
        List.copyOf(timeline.slices().keySet()),
        "idle time is nobody's");
    assertEquals(
        List.of(
            new Slice(DOM0, BLOCKED, 0, 0, 5000),
            new Slice(DOM0, RUNNABLE, 0, 5000, 6000),
            new Slice(DOM0, RUNNING, 0, 6000, 105_000)),
        timeline.slicesOf(DOM0).subList(0, 3));
    assertEquals(
        new Slice(WEB0, RUNNING, 1, 0, 115_000), timeline.ranOn(1).getFirst(), "from the start on");
    assertEquals(4, timeline.ranOn(0).size());
  }

  @Test
  void aWakeEndsWhenTheVcpuRuns() {
    List<Wake> wakes = timeline().wakes();
    assertEquals(new Wake(DOM0, 0, 0, 5000, 6000), wakes.getFirst());
    assertEquals(3, wakes.stream().filter(wake -> wake.latency() == 50_000).count());
    Latencies latencies = Latencies.of(wakes);
    assertEquals(10, latencies.count());
    assertEquals(1000, latencies.percentile(50));
    assertEquals(50_000, latencies.percentile(99));
    assertEquals(List.of(3, 4, 0, 0, 0, 0, 3), buckets(latencies));
  }

  private static List<Integer> buckets(Latencies latencies) {
    return Arrays.stream(latencies.buckets()).boxed().toList();
  }

  @Test
  void saysWhatTrappedAndWhy() {
    Timeline timeline = timeline();
    assertEquals(4 * 3 + 3 * 3, timeline.traps().size());
    Trap first = timeline.traps().getFirst();
    assertEquals(52_000, first.from());
    assertEquals("virtual timer", first.cause().what());
    List<String> causes =
        TrapStatistics.of(timeline.traps()).stream()
            .map(cause -> cause.count() + " " + cause.what() + " " + cause.total())
            .toList();
    assertEquals(
        List.of(
            "3 write page 0x3000000 12000",
            "3 virtual timer 9000",
            "4 event_channel_op send 8000",
            "3 write ICC_SGI1R_EL1 7500",
            "4 WFI 6000",
            "4 CPU_ON 2000"),
        causes);
  }

  @Test
  void theSummaryFitsAScreen() {
    String text = TextSummary.of(timeline(), NAMES);
    assertTrue(text.startsWith("61 records in 855 µs on 2 CPUs\n"), text);
    assertTrue(text.contains("\nDom0 v0              46.3%      0.5%"), text);
    assertTrue(text.contains("memory access    write page 0x3000000"), text);
    assertTrue(text.contains("woken to running: 10 wakes, median 1 µs, 99 % within 50 µs"), text);
    assertTrue(text.lines().count() < 30, text);
  }

  @Test
  void thePictureIsTheGoldenOne() throws IOException {
    Timeline timeline = timeline();
    assertGolden("timeline.svg", SvgTimeline.of(timeline, NAMES, "sample", 0, timeline.duration()));
    assertGolden("part.svg", SvgTimeline.of(timeline, NAMES, "sample", 300_000, 400_000));
  }

  @Test
  void thePerfettoFileIsTheGoldenOne() throws IOException {
    String json = PerfettoJson.of(timeline(), NAMES);
    assertTrue(JsonParser.parseString(json).getAsJsonObject().has("traceEvents"));
    assertGolden("perfetto.json", json);
  }

  /** With -Dristretto.golden=DIRECTORY what is made is written there, to be looked at. */
  private static void assertGolden(String name, String made) throws IOException {
    String directory = System.getProperty("ristretto.golden");
    if (directory != null) {
      Files.writeString(Path.of(directory, name), made);
      return;
    }
    try (var golden = TimelineTest.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(golden, name).readAllBytes();
      assertEquals(new String(bytes, StandardCharsets.UTF_8), made);
    }
  }
}
