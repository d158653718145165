package ristretto.tools.trace;

/**
 * A time in which a vCPU was in one state.
 *
 * @param cpu where it ran, or would last have run
 * @param from nanoseconds from the recording's start
 */
public record Slice(VcpuId who, VcpuState state, int cpu, long from, long to) {
  public long duration() {
    return to - from;
  }
}
