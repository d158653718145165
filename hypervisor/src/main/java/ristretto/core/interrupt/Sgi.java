package ristretto.core.interrupt;

/** What the hypervisor's CPUs tell each other; the ordinal is the INTID. */
public enum Sgi {
  /** Choose again what to run. */
  RESCHEDULE,
  /** Look into the mailbox of the loaded vCPU's interrupt controller. */
  GUEST_INTERRUPT,
  /** Run the handler that is routed to this SGI. */
  CALL,
  /** Stop for good: the machine goes down. */
  STOP;

  /** Number of the SGI. */
  public int intid() {
    return ordinal();
  }
}
