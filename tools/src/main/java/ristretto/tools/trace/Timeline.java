package ristretto.tools.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the records say of who ran where and when, in nanoseconds from the first of them. */
public final class Timeline {
  /** What is known of a vCPU while the records are read. */
  private static final class Course {
    VcpuState state;
    int cpu;
    long since;
    Optional<Wake> woken = Optional.empty();

    Course(VcpuState state, int cpu, long since) {
      this.state = state;
      this.cpu = cpu;
      this.since = since;
    }
  }

  private final Recording recording;
  private final SortedMap<VcpuId, List<Slice>> slices = new TreeMap<>();
  private final List<Wake> wakes = new ArrayList<>();
  private final List<Trap> traps = new ArrayList<>();
  private final SortedSet<Integer> cpus = new TreeSet<>();
  private final Map<VcpuId, Course> courses = new HashMap<>();

  private Timeline(Recording recording) {
    this.recording = recording;
  }

  /** Follows the records. */
  public static Timeline of(Recording recording) {
    Timeline timeline = new Timeline(recording);
    recording.records().forEach(timeline::follow);
    timeline.courses.forEach((who, course) -> timeline.close(who, course, recording.duration()));
    timeline.slices.values().forEach(list -> list.sort(Comparator.comparingLong(Slice::from)));
    return timeline;
  }

  Recording recording() {
    return recording;
  }

  public long duration() {
    return recording.duration();
  }

  /** The physical CPUs that wrote records. */
  public SortedSet<Integer> cpus() {
    return cpus;
  }

  /** What each vCPU did, in order. */
  public SortedMap<VcpuId, List<Slice>> slices() {
    return slices;
  }

  /** What a vCPU did, in order; nothing, of one that is not in the recording. */
  List<Slice> slicesOf(VcpuId who) {
    return slices.getOrDefault(who, List.of());
  }

  /** Who ran on a physical CPU, in order. */
  public List<Slice> ranOn(int cpu) {
    return slices.values().stream()
        .flatMap(List::stream)
        .filter(slice -> slice.state() == VcpuState.RUNNING && slice.cpu() == cpu)
        .sorted(Comparator.comparingLong(Slice::from))
        .toList();
  }

  public List<Wake> wakes() {
    return wakes;
  }

  public List<Trap> traps() {
    return traps;
  }

  private void follow(TraceRecord record) {
    cpus.add(record.cpu());
    long now = recording.sinceStart(record.time());
    if (record.isRunstateChange()) {
      change(record, now);
    } else if (record.event() == TraceRecord.TRAP) {
      runs(record.who(), record.cpu());
      TrapCause cause = TrapCause.ofException(record.words().get(1), record.pair(3));
      trap(record, now, cause);
    } else if (record.event() == TraceRecord.INTERRUPT) {
      runs(record.who(), record.cpu());
      trap(record, now, TrapCause.ofInterrupt(record.words().get(1)));
    } else if (record.event() == TraceRecord.CONTINUE_RUNNING) {
      runs(record.who(), record.cpu());
    }
  }

  private void trap(TraceRecord record, long now, TrapCause cause) {
    long from = now - recording.nanoseconds(record.unsigned(2));
    traps.add(new Trap(record.who(), record.cpu(), Math.max(0, from), now, cause));
  }

  /** It is seen to run; if nothing was known of it, it has run from the beginning on. */
  private void runs(VcpuId who, int cpu) {
    if (!who.isIdle()) {
      courses.computeIfAbsent(who, unknown -> new Course(VcpuState.RUNNING, cpu, 0));
    }
  }

  private void change(TraceRecord record, long now) {
    VcpuId who = record.who();
    if (who.isIdle()) {
      return;
    }
    Course course =
        courses.computeIfAbsent(who, unknown -> new Course(record.oldState(), record.cpu(), 0));
    close(who, course, now);
    VcpuState next = record.newState();
    boolean rested = course.state == VcpuState.BLOCKED || course.state == VcpuState.OFFLINE;
    if (rested && next.compareTo(VcpuState.BLOCKED) < 0) {
      course.woken = Optional.of(new Wake(who, record.cpu(), record.cpu(), now, now));
    }
    if (next == VcpuState.RUNNING) {
      course.cpu = record.cpu();
      course.woken.ifPresent(
          wake -> wakes.add(new Wake(who, wake.by(), record.cpu(), wake.at(), now)));
      course.woken = Optional.empty();
    }
    course.state = next;
    course.since = now;
  }

  private void close(VcpuId who, Course course, long now) {
    List<Slice> list = slices.computeIfAbsent(who, unknown -> new ArrayList<>());
    if (now > course.since) {
      list.add(new Slice(who, course.state, course.cpu, course.since, now));
    }
  }
}
