package ristretto.core.domain;

/**
 * What the toolstack says of a domain and asks for again. Guarded by the toolstack's lock, except
 * where a field says otherwise.
 */
public final class DomainSettings {
  private static final int NO_PORT = -1;

  /** Seconds that its time of day is ahead of the machine's. */
  public volatile long timeOffset;

  /** Port of the domain itself that is signalled when it suspends, or -1: nobody asked. */
  public volatile int suspendPort;

  public DomainSettings() {
    reset();
  }

  /** As a new domain has them. */
  public void reset() {
    timeOffset = 0;
    suspendPort = NO_PORT;
  }
}
