package ristretto.tools.trace;

/** {@code RUNSTATE_*}, in their order. {@code xen/include/public/vcpu.h}. */
public enum VcpuState {
  RUNNING,
  /** It could run and waits for a CPU. */
  RUNNABLE,
  BLOCKED,
  OFFLINE;

  static VcpuState of(int number) {
    return values()[number];
  }
}
