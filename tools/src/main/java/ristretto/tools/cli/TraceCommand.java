package ristretto.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import ristretto.tools.host.ToolException;
import ristretto.tools.trace.Names;
import ristretto.tools.trace.PerfettoJson;
import ristretto.tools.trace.Recording;
import ristretto.tools.trace.RecordingReader;
import ristretto.tools.trace.SvgTimeline;
import ristretto.tools.trace.TextSummary;
import ristretto.tools.trace.Timeline;

/** Shows what {@code xentrace} has recorded. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Show what xentrace has recorded in Dom0: which vCPU ran where, when it was woken, what"
          + " trapped and why, and how long the woken waited. A summary goes to the standard"
          + " output."
    },
    footer = {
      "",
      "In Dom0:  xentrace -D -T 5 /tmp/recording",
      "Example:  ./ristretto trace recording --names 0=Dom0,1=web --svg trace.svg",
      "The file of --perfetto is opened at ui.perfetto.dev, which keeps it in the browser."
    })
final class TraceCommand implements Callable<Integer> {
  private static final double NANOSECONDS_PER_MILLISECOND = 1e6;

  @Parameters(paramLabel = "RECORDING", description = "What xentrace wrote.")
  private Path file = Path.of("");

  @Option(
      names = "--perfetto",
      paramLabel = "FILE",
      description = "Write a file for Perfetto's viewer (trace event format, JSON).")
  private @Nullable Path perfetto;

  @Option(names = "--svg", paramLabel = "FILE", description = "Write a picture.")
  private @Nullable Path svg;

  @Option(
      names = "--from",
      paramLabel = "MS",
      description = "The picture begins so many milliseconds after the recording's start.")
  private double from;

  @Option(names = "--to", paramLabel = "MS", description = "The picture ends there.")
  private @Nullable Double to;

  @Option(
      names = "--names",
      paramLabel = "N=NAME",
      split = ",",
      description = "What domains are called, by number.")
  private Map<Integer, String> names = Map.of();

  @Option(
      names = "--frequency",
      paramLabel = "HZ",
      description = "Of the counter, for a recording that does not say it: another hypervisor's.")
  private @Nullable Long frequency;

  @Option(names = "--partial", description = "Use what there is of a recording that is cut off.")
  private boolean partial;

  @Override
  public Integer call() throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ToolException(
          "no recording at " + file, "in Dom0: xentrace -D -T 5 /tmp/recording");
    }
    OptionalLong hertz = frequency == null ? OptionalLong.empty() : OptionalLong.of(frequency);
    Recording recording = RecordingReader.read(Files.readAllBytes(file), partial, hertz);
    Timeline timeline = Timeline.of(recording);
    Names called = new Names(names);
    if (svg != null) {
      Files.writeString(svg, picture(timeline, called));
    }
    if (perfetto != null) {
      Files.writeString(perfetto, PerfettoJson.of(timeline, called));
    }
    System.out.print(TextSummary.of(timeline, called));
    return 0;
  }

  private String picture(Timeline timeline, Names called) {
    long start = Math.round(from * NANOSECONDS_PER_MILLISECOND);
    long most = timeline.duration();
    long end = to == null ? most : Math.min(most, Math.round(to * NANOSECONDS_PER_MILLISECOND));
    if (start < 0 || start >= end) {
      throw new ToolException(
          "nothing to draw from %s ms on".formatted(from),
          "the recording is %.1f ms long".formatted(most / NANOSECONDS_PER_MILLISECOND));
    }
    return SvgTimeline.of(timeline, called, String.valueOf(file.getFileName()), start, end);
  }
}
