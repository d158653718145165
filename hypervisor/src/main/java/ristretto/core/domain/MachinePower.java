package ristretto.core.domain;

/** What becomes of the machine when Dom0 ends. (Completed when the firmware driver is there.) */
public final class MachinePower {
  private MachinePower() {}

  static void onDom0Shutdown(int reason) {
    throw new UnsupportedOperationException();
  }
}
