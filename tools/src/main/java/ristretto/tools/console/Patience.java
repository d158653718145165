package ristretto.tools.console;

import java.time.Duration;

/**
 * How much longer than usual a machine may take before it counts as stuck: for a host that is busy
 * with other things, {@code -Dristretto.patience=5}. Whoever gives a machine a deadline, or a
 * number of attempts, asks here.
 */
public final class Patience {
  private static final int FACTOR = Integer.getInteger("ristretto.patience", 1);

  private Patience() {}

  /** A deadline, as long as it is on this host. */
  public static Duration times(Duration usual) {
    return usual.multipliedBy(FACTOR);
  }

  /** A number of attempts, as many as they are on this host. */
  public static int times(int usual) {
    return Math.multiplyExact(usual, FACTOR);
  }
}
