package ristretto.machine;

import ristretto.lang.Intrinsic;
import ristretto.machine.Machine.Maintenance;

/**
 * Barriers. Arm ARM DDI 0487, "DSB", "DMB", "ISB". Each use has a comment that names its partner.
 */
public final class Barrier {
  private Barrier() {}

  @Intrinsic
  public static void dsbSy() {
    Machine.current().maintain(Maintenance.DSB_SY, 0);
  }

  @Intrinsic
  public static void dsbIsh() {
    Machine.current().maintain(Maintenance.DSB_ISH, 0);
  }

  @Intrinsic
  public static void dsbIshst() {
    Machine.current().maintain(Maintenance.DSB_ISHST, 0);
  }

  @Intrinsic
  public static void dsbNshst() {
    Machine.current().maintain(Maintenance.DSB_NSHST, 0);
  }

  @Intrinsic
  public static void dmbIsh() {
    Machine.current().maintain(Maintenance.DMB_ISH, 0);
  }

  @Intrinsic
  public static void dmbIshst() {
    Machine.current().maintain(Maintenance.DMB_ISHST, 0);
  }

  @Intrinsic
  public static void dmbIshld() {
    Machine.current().maintain(Maintenance.DMB_ISHLD, 0);
  }

  /** Lets SErrors in, for one instruction: those that are pending are taken here. */
  @Intrinsic
  public static void takeSystemErrors() {
    Machine.current().maintain(Maintenance.TAKE_SERRORS, 0);
  }

  @Intrinsic
  public static void isb() {
    Machine.current().maintain(Maintenance.ISB, 0);
  }
}
