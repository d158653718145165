package ristretto.machine;

import ristretto.lang.Intrinsic;
import ristretto.machine.Machine.Maintenance;

/** Instructions that wait or wake. A spin loop calls {@link #spin()} in its body. */
public final class Hint {
  private Hint() {}

  /** DSB SY; WFI. Returns when an interrupt is pending, masked or not. */
  @Intrinsic
  public static void waitForInterrupt() {
    Machine.current().waitForInterrupt();
  }

  /** YIELD: this CPU waits for another one or for a device. */
  @Intrinsic
  public static void spin() {
    Machine.current().yieldPoint();
  }

  /** Nothing, between accesses to memory where the simulated machine may let others go far. */
  @Intrinsic
  public static void interleave() {
    Machine.current().interleave();
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
