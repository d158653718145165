package ristretto.core.cpu;

/**
 * The lock order: a lock may be taken only while every lock held has an earlier rank. Checked at
 * every acquisition, in both lives.
 */
public enum LockRank {
  /** A domain's life cycle and settings. */
  DOMAIN,
  /** The time of day. */
  WALLCLOCK,
  /** Connections between the event channels of two domains. */
  EVENT_BINDING,
  /** A domain's event channels. */
  EVENT_CHANNEL,
  /** A domain's grant table. */
  GRANT_TABLE,
  /** A domain's stage 2 tables. */
  P2M,
  /** A domain's virtual interrupt controller. */
  VGIC,
  /** Routing of physical interrupts. */
  INTERRUPTS,
  /** The run queues. */
  SCHEDULER,
  /** What a guest is shown of one vCPU's running times. */
  RUNSTATE,
  /** One CPU's timers. */
  TIMERS,
  /** The frame allocator. */
  FRAMES,
  /** The console: last, because anything may be reported while anything is held. */
  CONSOLE
}
