package ristretto.core.domain;

/**
 * What the toolstack says of a domain and asks for again. Guarded by the toolstack's lock, except
 * where a field says otherwise.
 */
public final class DomainSettings {
  /** {@code CSCHED2_DEFAULT_WEIGHT}, as xl prints it. */
  private static final int DEFAULT_WEIGHT = 256;

  private static final int NO_PORT = -1;

  /** Share of the CPUs, relative to other domains'. Kept and told; the scheduler is fair to all. */
  public int weight;

  /** Percent of one CPU that it may have at most; 0 is no limit. Kept and told as the weight is. */
  public int cap;

  /** Seconds that its time of day is ahead of the machine's. */
  public volatile long timeOffset;

  /** Port of the domain itself that is signalled when it suspends, or -1: nobody asked. */
  public volatile int suspendPort;

  public DomainSettings() {
    reset();
  }

  /** As a new domain has them. */
  public void reset() {
    weight = DEFAULT_WEIGHT;
    cap = 0;
    timeOffset = 0;
    suspendPort = NO_PORT;
  }
}
