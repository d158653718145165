package ristretto.tools.trace;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import ristretto.tools.svg.Drawing;

/**
 * A recording as one picture: who ran on each physical CPU; what each vCPU did, when it was woken
 * and what trapped; which causes took how long; how long the woken waited.
 */
public final class SvgTimeline {
  private static final int WIDTH = 1240;
  private static final int LEFT = 120;
  private static final int PLOT = 1090;
  private static final int LANE = 22;
  private static final int GAP = 8;
  private static final int TRAPS = 7;
  private static final int TICKS = 10;
  private static final int MOST_CAUSES = 12;
  private static final int BARS = 330;
  private static final int NUMBERS = 410;
  private static final int END_OF_NUMBERS = 570;
  private static final int HISTOGRAM = 170;

  /** Width of a bucket's label. */
  private static final int LABEL = 42;

  /** Room for a letter of a label. */
  private static final int LETTER = 8;

  /** Letters of a lane's label. */
  private static final int MOST_LETTERS = 13;

  private static final List<String> DOMAIN_COLOURS =
      List.of("#1864ab", "#2b8a3e", "#9c36b5", "#d9480f", "#0b7285", "#a61e4d", "#5c940d");

  /** Percent of white in the colours of a domain's vCPUs. */
  private static final int[] LIGHTER = {0, 22, 38, 12};

  private static final String WAITING = "#f08c00";
  private static final String BLOCKED = "#ced4da";
  private static final String INK = "#212529";
  private static final String FAINT = "#868e96";

  private final Drawing drawing =
      new Drawing(WIDTH, "DejaVu Sans, Helvetica, Arial, sans-serif", 12);
  private final Timeline timeline;
  private final Names names;
  private final long from;
  private final long to;
  private final List<VcpuId> vcpus;
  private final List<Integer> domains;
  private int y = 34;

  private SvgTimeline(Timeline timeline, Names names, long from, long to) {
    this.timeline = timeline;
    this.names = names;
    this.from = from;
    this.to = to;
    this.vcpus = List.copyOf(timeline.slices().keySet());
    this.domains = vcpus.stream().map(VcpuId::domain).distinct().toList();
  }

  /**
   * Draws it; the same recording gives the same bytes.
   *
   * @param title what stands above it
   * @param from nanoseconds from the recording's start
   * @param to the same, later
   */
  public static String of(Timeline timeline, Names names, String title, long from, long to) {
    SvgTimeline svg = new SvgTimeline(timeline, names, from, to);
    svg.head(title);
    svg.physicalCpus();
    svg.virtualCpus();
    svg.legend();
    svg.statistics();
    return svg.drawing.document(svg.y + GAP);
  }

  private void head(String title) {
    write(24, y, "start", INK, "font-size=\"17\" font-weight=\"bold\"", title);
    String window =
        from == 0 && to == timeline.duration()
            ? Times.text(to)
            : Times.text(from) + " to " + Times.text(to) + " of " + Times.text(timeline.duration());
    String lost =
        timeline.recording().lost() == 0 ? "" : ", " + timeline.recording().lost() + " lost";
    String what = "%s, %d records%s".formatted(window, timeline.recording().records().size(), lost);
    write(WIDTH - 30, y, "end", FAINT, "", what);
    y += 30;
  }

  // Time

  private void section(String title, int height) {
    write(24, y, "start", INK, "font-size=\"13\" font-weight=\"bold\"", title);
    y += 12;
    double step = step((to - from) / (double) TICKS);
    for (double at = Math.ceil(from / step) * step; at <= to; at += step) {
      int x = x((long) at);
      line(x, y, x, y + height, "#e9ecef");
      write(x, y + height + 14, "middle", FAINT, "font-size=\"10\"", Times.text((long) at));
    }
  }

  /** A round number of nanoseconds, not less. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, least))));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= least) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private int x(long at) {
    return LEFT + (int) Math.round((double) (at - from) * PLOT / (to - from));
  }

  // Lanes

  private void physicalCpus() {
    section("Physical CPUs: who ran", timeline.cpus().size() * (LANE + GAP));
    for (int cpu : timeline.cpus()) {
      write(LEFT - 10, y + 15, "end", INK, "", "CPU " + cpu);
      rect(LEFT, y, PLOT, LANE, "#f1f3f5", 1);
      Columns columns = new Columns(from, to, PLOT, vcpus.size());
      for (Slice slice : timeline.ranOn(cpu)) {
        columns.add(vcpus.indexOf(slice.who()), slice.from(), slice.to());
      }
      for (Columns.Run run : columns.runs()) {
        VcpuId who = vcpus.get(run.kind());
        block(run, y, LANE, colour(who), names.of(who));
      }
      y += LANE + GAP;
    }
    y += 40;
  }

  private void virtualCpus() {
    int height = LANE + TRAPS + GAP + 6;
    section("vCPUs: running, waiting for a CPU, blocked; wakes; traps", vcpus.size() * height);
    for (VcpuId who : vcpus) {
      write(LEFT - 10, y + 17, "end", colour(who.domain()), "font-weight=\"bold\"", label(who));
      states(who);
      wakes(who);
      traps(who);
      y += height;
    }
    y += 34;
  }

  private String label(VcpuId who) {
    String name = names.of(who);
    int cut = name.length() - MOST_LETTERS;
    return cut <= 0 ? name : "…" + name.substring(cut + 1);
  }

  /** A line while it is blocked, and on it blocks of the time in which it ran or could have. */
  private void states(VcpuId who) {
    int top = y + 6;
    Columns columns = new Columns(from, to, PLOT, 2);
    for (Slice slice : timeline.slicesOf(who)) {
      if (slice.state() == VcpuState.BLOCKED && slice.to() > from && slice.from() < to) {
        int left = x(Math.max(from, slice.from()));
        int width = x(Math.min(to, slice.to())) - left;
        if (width > 0) {
          rect(left, top + 7, width, 2, BLOCKED, 1);
        }
      } else if (slice.state() != VcpuState.OFFLINE) {
        columns.add(slice.state() == VcpuState.RUNNING ? 0 : 1, slice.from(), slice.to());
      }
    }
    for (Columns.Run run : columns.runs()) {
      block(run, top, LANE - 6, run.kind() == 0 ? colour(who) : WAITING, "");
    }
  }

  /** A mark above the lane for each wake, but no two in one pixel. */
  private void wakes(VcpuId who) {
    int last = -1;
    for (Wake wake : timeline.wakes()) {
      int x = x(wake.at());
      if (wake.who().equals(who) && isShown(wake.at()) && x != last) {
        drawing.add("<path d=\"M%d %dl-2.5 -5h5z\" fill=\"%s\"/>".formatted(x, y + 5, INK));
        last = x;
      }
    }
  }

  private void traps(VcpuId who) {
    Columns columns = new Columns(from, to, PLOT, TrapCause.Kind.values().length);
    for (Trap trap : timeline.traps()) {
      if (trap.who().equals(who)) {
        columns.add(trap.cause().kind().ordinal(), trap.from(), trap.to());
      }
    }
    for (Columns.Run run : columns.runs()) {
      String colour = colour(TrapCause.Kind.values()[run.kind()]);
      rect(LEFT + run.first(), y + LANE + 1, run.count(), TRAPS, colour, opacity(run));
    }
  }

  private boolean isShown(long at) {
    return at >= from && at <= to;
  }

  private void block(Columns.Run run, int top, int height, String colour, String label) {
    rect(LEFT + run.first(), top, run.count(), height, colour, opacity(run));
    if (!label.isEmpty()
        && run.count() > label.length() * LETTER
        && run.shade() == Columns.SHADES) {
      write(LEFT + run.first() + run.count() / 2, top + 15, "middle", "#ffffff", "", label);
    }
  }

  private static double opacity(Columns.Run run) {
    return 0.25 + 0.75 * run.shade() / Columns.SHADES;
  }

  private void legend() {
    int x = LEFT;
    for (int domain : domains) {
      String name = names.byNumber().getOrDefault(domain, "Domain " + domain);
      x = entry(x, colour(domain), name);
    }
    x = entry(x, WAITING, "waiting for a CPU");
    entry(x, BLOCKED, "blocked");
    y += 20;
    Set<TrapCause.Kind> kinds = EnumSet.noneOf(TrapCause.Kind.class);
    timeline.traps().forEach(trap -> kinds.add(trap.cause().kind()));
    x = LEFT;
    for (TrapCause.Kind kind : kinds) {
      x = entry(x, colour(kind), kind.title);
    }
    y += 44;
  }

  private int entry(int x, String colour, String name) {
    rect(x, y - 10, 12, 12, colour, 1);
    write(x + 18, y, "start", INK, "", name);
    return x + 40 + name.length() * 7;
  }

  // Numbers

  private void statistics() {
    int top = y;
    causes();
    int bottom = y;
    y = top;
    latencies();
    y = Math.max(y, bottom);
  }

  private void causes() {
    List<Trap> shown = timeline.traps().stream().filter(trap -> isShown(trap.to())).toList();
    List<TrapStatistics> causes = TrapStatistics.of(shown);
    write(
        24,
        y,
        "start",
        INK,
        "font-size=\"13\" font-weight=\"bold\"",
        "What trapped, by the time it took");
    if (causes.isEmpty()) {
      write(24, y + 22, "start", FAINT, "", "no records of traps");
      return;
    }
    numbers(FAINT, 10, "count", "median", "in all");
    long most = causes.getFirst().total();
    for (TrapStatistics cause : causes.subList(0, Math.min(MOST_CAUSES, causes.size()))) {
      y += 19;
      int length = (int) Math.max(1, cause.total() * BARS / Math.max(1, most));
      rect(24, y - 13, length, 17, colour(cause.kind()), 0.3);
      rect(24, y - 13, 3, 17, colour(cause.kind()), 1);
      write(33, y, "start", INK, "font-size=\"11\"", cause.what());
      numbers(
          INK,
          11,
          Integer.toString(cause.count()),
          Times.text(cause.median()),
          Times.text(cause.total()));
    }
    y += 14;
  }

  /** Cells of a row, aligned to the right. */
  private void numbers(String colour, int size, String... cells) {
    for (int i = 0; i < cells.length; i++) {
      int x = NUMBERS + i * (END_OF_NUMBERS - NUMBERS) / (cells.length - 1);
      write(x, y, "end", colour, "font-size=\"" + size + "\"", cells[i]);
    }
  }

  private void latencies() {
    int left = 640;
    List<Wake> shown = new ArrayList<>(timeline.wakes());
    shown.removeIf(wake -> !isShown(wake.at()));
    Latencies latencies = Latencies.of(shown);
    write(left, y, "start", INK, "font-size=\"13\" font-weight=\"bold\"", "From woken to running");
    if (latencies.count() == 0) {
      write(left, y + 22, "start", FAINT, "", "nobody was woken");
      return;
    }
    String numbers =
        "%d wakes, median %s, 99 %% within %s, longest %s"
            .formatted(
                latencies.count(),
                Times.text(latencies.percentile(50)),
                Times.text(latencies.percentile(99)),
                Times.text(latencies.percentile(100)));
    write(WIDTH - 30, y, "end", FAINT, "font-size=\"10\"", numbers);
    histogram(latencies, left, y + 20);
    y += 20 + HISTOGRAM + 34;
  }

  private void histogram(Latencies latencies, int left, int top) {
    int[] buckets = latencies.buckets();
    int width = Math.min(60, (WIDTH - 30 - left) / buckets.length);
    int labelled = LABEL / width + 1;
    int most = 1;
    for (int count : buckets) {
      most = Math.max(most, count);
    }
    int base = top + HISTOGRAM;
    line(left, base, left + width * buckets.length, base, FAINT);
    for (int i = 0; i < buckets.length; i++) {
      int height = (int) Math.ceil((double) buckets[i] * (HISTOGRAM - 20) / most);
      int x = left + i * width;
      rect(x + 2, base - height, width - 4, height, "#1971c2", 0.85);
      if (buckets[i] != 0) {
        write(x + width / 2, base - height - 4, "middle", INK, "font-size=\"10\"", "" + buckets[i]);
      }
      if (i % labelled != 0) {
        continue;
      }
      String label = "<" + Times.text(Latencies.FIRST << i).replace(" ", "");
      write(x + width / 2, base + 14, "middle", FAINT, "font-size=\"9\"", label);
    }
  }

  // Marks

  private String colour(int domain) {
    return DOMAIN_COLOURS.get(domains.indexOf(domain) % DOMAIN_COLOURS.size());
  }

  /** Its domain's, a little lighter for each vCPU but the first, so that neighbours differ. */
  private String colour(VcpuId who) {
    int full = Integer.parseInt(colour(who.domain()).substring(1), 16);
    int lighter = who.vcpu() % LIGHTER.length;
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int part = full >>> shift & 0xff;
      mixed |= part + (0xff - part) * LIGHTER[lighter] / 100 << shift;
    }
    return "#%06x".formatted(mixed);
  }

  private static String colour(TrapCause.Kind kind) {
    return switch (kind) {
      case HYPERCALL -> "#e03131";
      case WAIT -> "#74b816";
      case INTERRUPT -> "#1098ad";
      case MEMORY -> "#7048e8";
      case REGISTER -> "#e8590c";
      case FIRMWARE -> "#c2255c";
      case OTHER -> "#495057";
    };
  }

  private void rect(int x, int top, int width, int height, String colour, double opacity) {
    String faded =
        opacity >= 1 ? "" : String.format(Locale.ROOT, " fill-opacity=\"%.2f\"", opacity);
    drawing.add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"%s/>"
            .formatted(x, top, width, height, colour, faded));
  }

  private void line(int x1, int y1, int x2, int y2, String colour) {
    drawing.add("<path d=\"M%d %dL%d %d\" stroke=\"%s\"/>".formatted(x1, y1, x2, y2, colour));
  }

  private void write(int x, int base, String anchor, String colour, String style, String words) {
    drawing.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>"
            .formatted(
                x,
                base,
                anchor,
                colour,
                style.isEmpty() ? "" : " " + style,
                Drawing.escaped(words)));
  }
}
