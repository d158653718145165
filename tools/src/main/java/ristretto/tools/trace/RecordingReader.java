package ristretto.tools.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import ristretto.tools.host.ToolException;

/**
 * Reads a file of {@code xentrace}: windows of records, each of one CPU, and before each the number
 * of the CPU and the length of the window. {@code xen/include/public/trace.h}, {@code struct
 * t_rec}.
 */
public final class RecordingReader {
  private static final int CPU_CHANGE_WORDS = 2;
  private static final int MOST_CPUS = 4096;

  private final ByteBuffer bytes;
  private final boolean partial;
  private final List<TraceRecord> records = new ArrayList<>();
  private long frequency;
  private long lost;
  private int cpu;
  private int windowEnd;
  private int missing;

  private RecordingReader(byte[] content, boolean partial) {
    this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    this.partial = partial;
  }

  /**
   * Reads a recording.
   *
   * @param partial what a cut-off file still holds is enough
   * @param frequency of the counter, for recordings that do not say it
   * @throws ToolException when it is none, or damaged, with what to do
   */
  public static Recording read(byte[] content, boolean partial, OptionalLong frequency) {
    RecordingReader reader = new RecordingReader(content, partial);
    reader.recognise(content);
    while (reader.bytes.hasRemaining() && reader.missing == 0) {
      reader.next();
    }
    return reader.finish(frequency);
  }

  private void recognise(byte[] content) {
    if (content.length == 0) {
      throw new ToolException(
          "the recording is empty", "xentrace writes it when it ends: stop it with kill -INT");
    }
    if (content.length >= 2 && content[0] == 0x1f && content[1] == (byte) 0x8b) {
      throw new ToolException("the recording is compressed", "gunzip it first");
    }
    if (content.length >= 4 && bytes.getInt(0) == header(TraceRecord.CPU_CHANGE)) {
      return;
    }
    String start = new String(content, 0, Math.min(content.length, 64), StandardCharsets.US_ASCII);
    if (start.matches("[A-Za-z0-9+/=\\s]+")) {
      throw new ToolException("the recording is text", "if it is base64: base64 -d it first");
    }
    throw new ToolException(
        "this is no recording of xentrace: it does not begin with the number of a CPU",
        "in Dom0: xentrace -D -T 5 /tmp/recording");
  }

  private static int header(int event) {
    return CPU_CHANGE_WORDS << 28 | event;
  }

  private void next() {
    int start = bytes.position();
    if (start == windowEnd) {
      window();
      return;
    }
    if (bytes.remaining() < Integer.BYTES) {
      cutOff(start);
      return;
    }
    int header = bytes.getInt();
    int event = header & 0x0fff_ffff;
    boolean timed = header < 0;
    int count = header >>> 28 & 7;
    int size = (count + (timed ? 2 : 0)) * Integer.BYTES;
    if (size > windowEnd - bytes.position()) {
      throw damaged(start, "a record goes beyond its window");
    }
    if (size > bytes.remaining()) {
      cutOff(start);
      return;
    }
    long time = timed ? bytes.getLong() : 0;
    List<Integer> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(bytes.getInt());
    }
    if (timed) {
      keep(new TraceRecord(cpu, time, event, List.copyOf(words)), start);
    } else if (event != TraceRecord.WRAP_BUFFER) {
      throw damaged(start, "a record has no time");
    }
  }

  /** The number of the next window's CPU, and its length. */
  private void window() {
    int start = bytes.position();
    if (bytes.remaining() < (1 + CPU_CHANGE_WORDS) * Integer.BYTES) {
      cutOff(start);
      return;
    }
    if (bytes.getInt() != header(TraceRecord.CPU_CHANGE)) {
      throw damaged(start, "a window does not begin with the number of a CPU");
    }
    cpu = bytes.getInt();
    int length = bytes.getInt();
    if (Integer.compareUnsigned(cpu, MOST_CPUS) >= 0 || length < 0 || length % 4 != 0) {
      throw damaged(start, "CPU " + cpu + ", window of " + length + " bytes");
    }
    windowEnd = bytes.position() + length;
    if (length > bytes.remaining() && !partial) {
      cutOff(start);
    }
  }

  private void cutOff(int start) {
    missing = bytes.capacity() - start;
    if (!partial) {
      throw new ToolException(
          "the recording is cut off: it ends in the midst of what begins at byte " + start,
          "copy it again after xentrace has ended, or use what there is with --partial");
    }
  }

  private static ToolException damaged(int at, String what) {
    return new ToolException(
        "the recording is damaged at byte " + at + ": " + what, "record and copy it again");
  }

  private void keep(TraceRecord record, int start) {
    switch (record.event()) {
      case TraceRecord.FREQUENCY -> {
        require(record, 2, start);
        frequency = record.pair(0);
      }
      case TraceRecord.LOST_RECORDS -> {
        require(record, 4, start);
        lost += record.unsigned(0);
      }
      case TraceRecord.TRAP -> require(record, 5, start);
      case TraceRecord.INTERRUPT -> require(record, 3, start);
      case TraceRecord.CONTINUE_RUNNING -> require(record, 1, start);
      default -> {}
    }
    records.add(record);
  }

  private static void require(TraceRecord record, int words, int start) {
    if (record.words().size() != words) {
      throw damaged(
          start, "event 0x%x with %d words".formatted(record.event(), record.words().size()));
    }
  }

  private Recording finish(OptionalLong given) {
    if (records.isEmpty()) {
      throw new ToolException(
          "the recording has no records", "xentrace -e 0x0fff0000 lets everything through");
    }
    long hertz = given.orElse(frequency);
    if (hertz <= 0) {
      throw new ToolException(
          "the recording does not say how fast its clock counts",
          "add --frequency HZ; in Dom0 'dmesg | grep arch_timer' says it (QEMU: 62500000)");
    }
    records.sort(Comparator.comparingLong(TraceRecord::time));
    return new Recording(List.copyOf(records), hertz, lost, missing);
  }
}
