package ristretto.machine;

import ristretto.lang.Intrinsic;
import ristretto.machine.Machine.Maintenance;

/**
 * Cache maintenance by address. Arm ARM DDI 0487, "DC", "IC". One line each; barriers are the
 * caller's.
 */
public final class Cache {
  private Cache() {}

  /** Cleans the line that holds {@code address} to the point of coherency. */
  @Intrinsic
  public static void clean(long address) {
    Machine.current().maintain(Maintenance.DC_CVAC, address);
  }

  /** Cleans and invalidates the line that holds {@code address} to the point of coherency. */
  @Intrinsic
  public static void cleanInvalidate(long address) {
    Machine.current().maintain(Maintenance.DC_CIVAC, address);
  }

  /** Invalidates the line that holds {@code address} to the point of coherency. */
  @Intrinsic
  public static void invalidate(long address) {
    Machine.current().maintain(Maintenance.DC_IVAC, address);
  }

  /** Zeroes the block of DCZID_EL0.BS words that holds {@code address}. */
  @Intrinsic
  public static void zeroBlock(long address) {
    Machine.current().maintain(Maintenance.DC_ZVA, address);
  }

  /** Invalidates all instruction caches to the point of unification, inner shareable. */
  @Intrinsic
  public static void invalidateInstructions() {
    Machine.current().maintain(Maintenance.IC_IALLUIS, 0);
  }
}
