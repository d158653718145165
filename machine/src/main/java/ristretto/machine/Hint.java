package ristretto.machine;

import ristretto.lang.Intrinsic;
import ristretto.machine.Machine.Maintenance;

/** Instructions that wait or wake. A spin loop calls {@link Thread#onSpinWait()} (YIELD). */
public final class Hint {
  private Hint() {}

  /** DSB SY; WFI. Returns when an interrupt is pending, masked or not. */
  @Intrinsic
  public static void waitForInterrupt() {
    Machine.current().waitForInterrupt();
  }

  /** WFE. */
  @Intrinsic
  public static void waitForEvent() {
    Machine.current().yieldPoint();
  }

  /** SEV. */
  @Intrinsic
  public static void sendEvent() {
    Machine.current().maintain(Maintenance.SEV, 0);
  }
}
