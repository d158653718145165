package ristretto.tools.trace;

/**
 * A vCPU that waited for something could run, and then did.
 *
 * @param by the CPU on which it was woken
 * @param cpu the CPU on which it ran then
 * @param at nanoseconds from the recording's start
 * @param ran the same
 */
public record Wake(VcpuId who, int by, int cpu, long at, long ran) {
  public long latency() {
    return ran - at;
  }
}
