package ristretto.tools.trace;

import java.util.List;

/**
 * One record of the hypervisor. {@code xen/include/public/trace.h}.
 *
 * @param cpu the physical CPU that wrote it
 * @param time counter ticks
 * @param event {@code TRC_*}
 * @param words what belongs to it
 */
record TraceRecord(int cpu, long time, int event, List<Integer> words) {
  static final int LOST_RECORDS = 0x1f001;
  static final int WRAP_BUFFER = 0x1f002;
  static final int CPU_CHANGE = 0x1f003;

  /** With the old state in bits 11 to 8 and the new one in bits 7 to 4. */
  static final int RUNSTATE_CHANGE = 0x21001;

  static final int CONTINUE_RUNNING = 0x21002;
  static final int WAKE = 0x28004;

  /** Ours: vCPU, ESR_EL2, ticks, two words of what it was about. */
  static final int TRAP = 0x80_4001;

  /** Ours: vCPU, INTID, ticks. */
  static final int INTERRUPT = 0x80_4002;

  /** Ours: the counter's frequency in Hz. */
  static final int FREQUENCY = 0x80_4003;

  boolean isRunstateChange() {
    return (event & ~0xff0) == RUNSTATE_CHANGE && words.size() == 1;
  }

  VcpuState oldState() {
    return VcpuState.of(event >>> 8 & 3);
  }

  VcpuState newState() {
    return VcpuState.of(event >>> 4 & 3);
  }

  /** The vCPU in the first word. */
  VcpuId who() {
    return VcpuId.of(words.getFirst());
  }

  /** Word {@code n} as an unsigned number. */
  long unsigned(int n) {
    return Integer.toUnsignedLong(words.get(n));
  }

  /** Words {@code n}, the lower half, and {@code n} + 1. */
  long pair(int n) {
    return unsigned(n) | unsigned(n + 1) << Integer.SIZE;
  }
}
