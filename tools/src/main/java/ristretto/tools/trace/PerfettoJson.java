package ristretto.tools.trace;

import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Locale;

/**
 * A recording in the JSON trace event format, which Perfetto's viewer (ui.perfetto.dev) and
 * Chrome's open: a track for each physical CPU with who ran there and what trapped, one for each
 * vCPU with its state, and an arrow from each wake to where the vCPU then ran.
 */
public final class PerfettoJson {
  private static final int PHYSICAL = 1;
  private static final int FIRST_DOMAIN = 100;
  private static final double NANOSECONDS_PER_MICROSECOND = 1000;

  private final StringBuilder text = new StringBuilder();
  private final Timeline timeline;
  private final Names names;
  private String separator = "\n";

  private PerfettoJson(Timeline timeline, Names names) {
    this.timeline = timeline;
    this.names = names;
  }

  /** The whole document. */
  public static String of(Timeline timeline, Names names) {
    PerfettoJson json = new PerfettoJson(timeline, names);
    json.text.append("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
    json.tracks();
    timeline.slices().values().forEach(list -> list.forEach(json::slice));
    timeline.traps().forEach(json::trap);
    List<Wake> wakes = timeline.wakes();
    for (int i = 0; i < wakes.size(); i++) {
      json.wake(i, wakes.get(i));
    }
    json.text.append("\n]}\n");
    return json.text.toString();
  }

  private void tracks() {
    name("process_name", PHYSICAL, 0, "Physical CPUs");
    for (int cpu : timeline.cpus()) {
      name("thread_name", PHYSICAL, cpu, "CPU " + cpu);
    }
    for (VcpuId who : timeline.slices().keySet()) {
      String domain = names.byNumber().getOrDefault(who.domain(), "Domain " + who.domain());
      name("process_name", process(who), 0, domain);
      name("thread_name", process(who), who.vcpu(), names.of(who));
    }
  }

  private static int process(VcpuId who) {
    return FIRST_DOMAIN + who.domain();
  }

  private void slice(Slice slice) {
    VcpuId who = slice.who();
    if (slice.state() == VcpuState.RUNNING) {
      complete(PHYSICAL, slice.cpu(), "run", names.of(who), slice.from(), slice.to(), "");
    }
    String name =
        slice.state() == VcpuState.RUNNING
            ? "on CPU " + slice.cpu()
            : slice.state().name().toLowerCase(Locale.ROOT);
    complete(process(who), who.vcpu(), "state", name, slice.from(), slice.to(), "");
  }

  private void trap(Trap trap) {
    String about =
        trap.cause().detail().isEmpty()
            ? ""
            : ",\"args\":{\"about\":" + quoted(trap.cause().detail()) + "}";
    String name = trap.cause().kind().title + ": " + trap.cause().what();
    complete(PHYSICAL, trap.cpu(), "trap", name, trap.from(), trap.to(), about);
  }

  private void wake(int number, Wake wake) {
    flow("s", number, wake.by(), wake.at(), "");
    flow("f", number, wake.cpu(), wake.ran(), ",\"bp\":\"e\"");
  }

  private void flow(String phase, int number, int cpu, long at, String rest) {
    event(
        "\"ph\":\"%s\",\"id\":%d,\"pid\":%d,\"tid\":%d,\"cat\":\"wake\",\"name\":\"wake\",\"ts\":%s%s"
            .formatted(phase, number, PHYSICAL, cpu, microseconds(at), rest));
  }

  private void complete(
      int process, int thread, String category, String name, long from, long to, String rest) {
    event(
        "\"ph\":\"X\",\"pid\":%d,\"tid\":%d,\"cat\":\"%s\",\"name\":%s,\"ts\":%s,\"dur\":%s%s"
            .formatted(
                process,
                thread,
                category,
                quoted(name),
                microseconds(from),
                microseconds(to - from),
                rest));
  }

  private void name(String kind, int process, int thread, String name) {
    event(
        "\"ph\":\"M\",\"pid\":%d,\"tid\":%d,\"name\":\"%s\",\"args\":{\"name\":%s}"
            .formatted(process, thread, kind, quoted(name)));
  }

  private void event(String members) {
    text.append(separator).append('{').append(members).append('}');
    separator = ",\n";
  }

  private static String microseconds(long nanoseconds) {
    return String.format(Locale.ROOT, "%.3f", nanoseconds / NANOSECONDS_PER_MICROSECOND);
  }

  /** Names come from the caller: anything may be in them. */
  private static String quoted(String words) {
    return new JsonPrimitive(words).toString();
  }
}
