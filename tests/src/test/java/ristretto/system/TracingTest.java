package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ristretto.tools.debian.Suite;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.trace.Names;
import ristretto.tools.trace.PerfettoJson;
import ristretto.tools.trace.Recording;
import ristretto.tools.trace.RecordingReader;
import ristretto.tools.trace.Slice;
import ristretto.tools.trace.SvgTimeline;
import ristretto.tools.trace.TextSummary;
import ristretto.tools.trace.Timeline;
import ristretto.tools.trace.TrapCause;
import ristretto.tools.trace.VcpuId;
import ristretto.tools.trace.VcpuState;

/**
 * Debian's {@code xentrace} in Dom0 records the building and the boot of a DomU; the recording
 * comes out over a disk, and its tool finds in it what has happened.
 */
@Tag("system")
class TracingTest {
  private static final long DISK = 64 << 20;

  /** QEMU's counter, which Xen's records do not tell. */
  private static final OptionalLong FREQUENCY = OptionalLong.of(62_500_000);

  @ParameterizedTest
  @EnumSource
  void whatHappensIsRecorded(Suite suite, @TempDir Path directory) throws IOException {
    Systems.note("xentrace, " + suite);
    Path disk = directory.resolve("disk");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK);
    }
    int length;
    int domain;
    try (XlSession session = start(suite, disk)) {
      Dom0Session dom0 = session.dom0();
      dom0.run("sh -c 'xentrace -D -S 128 /tmp/recording & echo $! > /tmp/pid'");
      session.createAttached("/root/domu1.cfg");
      session.leave();
      domain = Integer.parseInt(dom0.run("xl domid domu1").strip());
      dom0.run(
          "kill -INT $(cat /tmp/pid); while test -e /proc/$(cat /tmp/pid); do sleep 0.2; done");
      length = Integer.parseInt(dom0.run("stat -c %s /tmp/recording").strip());
      assertTrue(length < DISK, "bytes: " + length);
      dom0.run("cat /tmp/recording > /dev/vdb; sync");
      assertEquals("", dom0.run("xl destroy domu1"));
    }
    check(Arrays.copyOf(Files.readAllBytes(disk), length), domain);
  }

  private static XlSession start(Suite suite, Path disk) {
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.DIRECT, suite);
    Dom0Session dom0 = Dom0Session.start(boot, Systems.disk(disk));
    return new XlSession(dom0.awaitShell(), XlScript.read("xl.txt", suite));
  }

  private static void check(byte[] content, int domain) {
    OptionalLong frequency = Systems.ours() ? OptionalLong.empty() : FREQUENCY;
    Recording recording = RecordingReader.read(content, false, frequency);
    Timeline timeline = Timeline.of(recording);
    Names names = new Names(Map.of(0, "Dom0", domain, "domu1"));
    String summary = TextSummary.of(timeline, names);
    Systems.note(summary);
    assertEquals(Set.of(0, 1), timeline.cpus());
    Set<VcpuId> expected =
        Set.of(new VcpuId(0, 0), new VcpuId(0, 1), new VcpuId(domain, 0), new VcpuId(domain, 1));
    assertEquals(expected, timeline.slices().keySet());
    for (VcpuId who : expected) {
      assertTrue(states(timeline, who).contains(VcpuState.RUNNING), who + " ran");
      assertTrue(timeline.wakes().stream().anyMatch(wake -> wake.who().equals(who)), who + " woke");
    }
    assertTrue(timeline.wakes().stream().allMatch(wake -> wake.latency() >= 0));
    if (recording.lost() == 0) {
      timeline.cpus().forEach(cpu -> assertOneAtATime(timeline.ranOn(cpu)));
    }
    if (Systems.ours()) {
      assertTrapped(timeline, summary, 0, "hypercall: domctl", "wait: WFI", "interrupt: SPI ");
      assertTrapped(
          timeline, summary, domain, "hypercall: event_channel_op send", "firmware call: CPU_ON");
      assertTrapped(timeline, summary, domain, "interrupt: virtual timer", "memory access: ");
    }
    String picture = SvgTimeline.of(timeline, names, "domu1", 0, timeline.duration());
    assertTrue(picture.contains(">domu1 v1</text>"));
    assertTrue(picture.length() < 1 << 20, "it does not grow with the recording");
    assertTrue(PerfettoJson.of(timeline, names).contains("\"name\":\"domu1 v0\""));
  }

  private static Set<VcpuState> states(Timeline timeline, VcpuId who) {
    return timeline.slices().getOrDefault(who, List.of()).stream()
        .map(Slice::state)
        .collect(Collectors.toSet());
  }

  private static void assertOneAtATime(List<Slice> slices) {
    assertFalse(slices.isEmpty());
    for (int i = 1; i < slices.size(); i++) {
      Slice before = slices.get(i - 1);
      Slice slice = slices.get(i);
      assertTrue(slice.from() >= before.to(), () -> before + " and " + slice);
    }
  }

  private static void assertTrapped(
      Timeline timeline, String summary, int domain, String... causes) {
    for (String cause : causes) {
      assertTrue(
          timeline.traps().stream()
              .filter(trap -> trap.who().domain() == domain)
              .anyMatch(trap -> text(trap.cause()).startsWith(cause)),
          () -> "no trap of d" + domain + " is a " + cause + "\n" + summary);
    }
  }

  private static String text(TrapCause cause) {
    return cause.kind() + ": " + cause.what();
  }
}
