package ristretto.tools.trace;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes recordings as {@code xentrace} does. */
public final class RecordingWriter {
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final ByteArrayOutputStream window = new ByteArrayOutputStream();
  private int cpu;

  /** What follows is of this CPU. */
  public RecordingWriter cpu(int number) {
    flush();
    cpu = number;
    return this;
  }

  public RecordingWriter record(long time, int event, int... words) {
    put(window, 1 << 31 | words.length << 28 | event, (int) time, (int) (time >>> 32));
    put(window, words);
    return this;
  }

  /** The rest of the hypervisor's buffer, which was not used. */
  RecordingWriter filler(int words) {
    put(window, words << 28 | TraceRecord.WRAP_BUFFER);
    put(window, new int[words]);
    return this;
  }

  public RecordingWriter frequency(long time, int hertz) {
    return record(time, TraceRecord.FREQUENCY, hertz, 0);
  }

  RecordingWriter change(long time, int who, VcpuState from, VcpuState to) {
    int event = TraceRecord.RUNSTATE_CHANGE | from.ordinal() << 8 | to.ordinal() << 4;
    return record(time, event, who);
  }

  RecordingWriter trap(long time, int who, int syndrome, int ticks, long about) {
    return record(time, TraceRecord.TRAP, who, syndrome, ticks, (int) about, (int) (about >>> 32));
  }

  public byte[] bytes() {
    flush();
    return file.toByteArray();
  }

  private void flush() {
    if (window.size() != 0) {
      put(file, 2 << 28 | TraceRecord.CPU_CHANGE, cpu, window.size());
      file.writeBytes(window.toByteArray());
      window.reset();
    }
  }

  private static void put(ByteArrayOutputStream to, int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(words);
    to.writeBytes(bytes.array());
  }
}
