package ristretto.tools.trace;

/**
 * An exception or interrupt that a vCPU was stopped by.
 *
 * @param from when, in nanoseconds from the recording's start
 * @param to when it had been served
 */
public record Trap(VcpuId who, int cpu, long from, long to, TrapCause cause) {
  public long duration() {
    return to - from;
  }
}
