package ristretto.core.event;

/**
 * How a guest sees which of its ports are pending. All methods are called with the domain's event
 * lock held, for ports that exist.
 */
interface EventAbi {
  /** {@link #raise}: it was pending already; nobody needs to be told. */
  int OLD = 0;

  /** {@link #raise}: newly pending, but masked or queued behind others. */
  int QUIET = 1;

  /** {@link #raise}: the vCPU is to be interrupted. */
  int UPCALL = 2;

  /** Makes {@code port} pending. Returns OLD, QUIET or UPCALL. */
  int raise(int port, Port entry, VcpuEvents target);

  /**
   * Raising {@code port} would change nothing and tell nobody. Needs no lock: what is read may be
   * out of date, as if the question had been asked earlier.
   */
  boolean isSettled(int port);

  /** Ends the guest's mask of {@code port}; returns as {@link #raise} if it is pending. */
  int unmask(int port, Port entry, VcpuEvents target);

  boolean isPending(int port);

  boolean isMasked(int port);

  /** The guest still has {@code port} in a queue: it cannot be given out again. */
  boolean isBusy(int port);

  /** Makes {@code port} not pending: it is being closed or given out. */
  void clear(int port);

  /** Ports below this number can be shown. */
  int limit();
}
