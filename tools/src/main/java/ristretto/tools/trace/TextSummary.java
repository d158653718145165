package ristretto.tools.trace;

import java.util.List;
import java.util.Locale;

/** A recording in a screenful of text. */
public final class TextSummary {
  private static final int MOST_CAUSES = 15;
  private static final int BAR = 40;

  private final StringBuilder text = new StringBuilder();
  private final Timeline timeline;
  private final Names names;

  private TextSummary(Timeline timeline, Names names) {
    this.timeline = timeline;
    this.names = names;
  }

  /** Lines, the last of which ends too. */
  public static String of(Timeline timeline, Names names) {
    TextSummary summary = new TextSummary(timeline, names);
    summary.head();
    summary.shares();
    summary.causes();
    summary.latencies();
    return summary.text.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is not on the class path
  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }

  private void head() {
    Recording recording = timeline.recording();
    line(
        "%d records in %s on %d CPUs",
        recording.records().size(), Times.text(timeline.duration()), timeline.cpus().size());
    if (recording.lost() != 0) {
      line("%d records were lost: larger buffers help (xentrace -S 128)", recording.lost());
    }
    if (recording.missing() != 0) {
      line("cut off: %d bytes at the end are no whole record", recording.missing());
    }
  }

  private void shares() {
    line("");
    line("%-16s %9s %9s %9s %7s  %s", "vCPU", "running", "waiting", "blocked", "wakes", "on CPU");
    timeline.slices().forEach(this::share);
  }

  private void share(VcpuId who, List<Slice> slices) {
    long wakes = timeline.wakes().stream().filter(wake -> wake.who().equals(who)).count();
    String cpus =
        String.join(
            " ",
            slices.stream()
                .filter(slice -> slice.state() == VcpuState.RUNNING)
                .map(slice -> Integer.toString(slice.cpu()))
                .distinct()
                .sorted()
                .toList());
    line(
        "%-16s %8.1f%% %8.1f%% %8.1f%% %7d  %s",
        names.of(who),
        percent(slices, VcpuState.RUNNING),
        percent(slices, VcpuState.RUNNABLE),
        percent(slices, VcpuState.BLOCKED),
        wakes,
        cpus);
  }

  private double percent(List<Slice> slices, VcpuState state) {
    long sum =
        slices.stream().filter(slice -> slice.state() == state).mapToLong(Slice::duration).sum();
    return 100.0 * sum / Math.max(1, timeline.duration());
  }

  private void causes() {
    List<TrapStatistics> causes = TrapStatistics.of(timeline.traps());
    if (causes.isEmpty()) {
      return;
    }
    line("");
    line("%-16s %-34s %8s %9s %9s %9s", "trap", "", "count", "in all", "median", "longest");
    for (TrapStatistics cause : causes.subList(0, Math.min(MOST_CAUSES, causes.size()))) {
      line(
          "%-16s %-34s %8d %9s %9s %9s",
          cause.kind().title,
          cause.what(),
          cause.count(),
          Times.text(cause.total()),
          Times.text(cause.median()),
          Times.text(cause.most()));
    }
    if (causes.size() > MOST_CAUSES) {
      line("and %d other causes", causes.size() - MOST_CAUSES);
    }
  }

  private void latencies() {
    Latencies latencies = Latencies.of(timeline.wakes());
    if (latencies.count() == 0) {
      return;
    }
    line("");
    line(
        "woken to running: %d wakes, median %s, 99 %% within %s, longest %s",
        latencies.count(),
        Times.text(latencies.percentile(50)),
        Times.text(latencies.percentile(99)),
        Times.text(latencies.percentile(100)));
    int[] buckets = latencies.buckets();
    for (int i = 0; i < buckets.length; i++) {
      int bar = (int) Math.ceil((double) buckets[i] * BAR / latencies.count());
      line("%10s %7d %s", "< " + Times.text(Latencies.FIRST << i), buckets[i], "#".repeat(bar));
    }
  }
}
