package ristretto.core.cpu;

/**
 * The lock order: a lock may be taken only while every lock held has an earlier rank. Checked at
 * every acquisition, in both lives.
 */
public enum LockRank {
  /** What Dom0's tools ask for: one request at a time. */
  TOOLSTACK(true),
  /** A domain's life cycle and settings. */
  DOMAIN(false),
  /** The time of day. */
  WALLCLOCK(true),
  /** Connections between the event channels of two domains. */
  EVENT_BINDING(true),
  /** Which domains have changed. */
  DOMAIN_CHANGES(true),
  /** A domain's event channels. */
  EVENT_CHANNEL(false),
  /** A domain's grant table. */
  GRANT_TABLE(false),
  /** What a domain has mapped of others' grants. */
  MAPTRACK(false),
  /** A domain's stage 2 tables. */
  P2M(false),
  /** A domain's emulated UART. */
  VIRTUAL_UART(false),
  /** A domain's virtual interrupt controller. */
  VGIC(false),
  /** Routing of physical interrupts. */
  INTERRUPTS(true),
  /** The run queues. */
  SCHEDULER(true),
  /** What a guest is shown of one vCPU's running times. */
  RUNSTATE(false),
  /** One CPU's timers. */
  TIMERS(true),
  /** The frame allocator. */
  FRAMES(true),
  /** The console: last, because anything may be reported while anything is held. */
  CONSOLE(false);

  private final boolean shared;

  LockRank(boolean shared) {
    this.shared = shared;
  }

  /**
   * What the lock guards is the hypervisor's own: a fault while it is held cannot be contained. The
   * others have an owner, which ends with the domain whose trap faulted.
   */
  boolean guardsSharedState() {
    return shared;
  }
}
