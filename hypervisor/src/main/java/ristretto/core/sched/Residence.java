package ristretto.core.sched;

/** Where a vCPU is. Written under the scheduler's lock. */
public enum Residence {
  /** In no queue: it may not run. */
  PARKED,
  /** It may run, and waits until the CPU that still has its registers has saved them. */
  LEAVING,
  /** It may run, and its policy does not let it before a time: it has used up its share. */
  HELD,
  /** In the ready queue. */
  QUEUED,
  /** {@code vcpu.cpu} runs it, or is about to. */
  RUNNING
}
