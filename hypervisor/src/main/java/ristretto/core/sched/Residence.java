package ristretto.core.sched;

/** Where a vCPU is, as the scheduler's lock guards it. */
public enum Residence {
  /** In no queue: it may not run. */
  PARKED,
  /** In the run queue of {@code vcpu.cpu}. */
  QUEUED,
  /** {@code vcpu.cpu} runs it. */
  RUNNING
}
