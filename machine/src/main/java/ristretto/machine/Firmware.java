package ristretto.machine;

import ristretto.lang.Intrinsic;

/** Calls to EL3. SMC Calling Convention, Arm DEN 0028. */
public final class Firmware {
  /** Bytes of a call block: x0 to x17. */
  public static final int BLOCK_SIZE = 18 * 8;

  private Firmware() {}

  /**
   * SMC #0. {@code block} is the hypervisor address of x0 to x17 as 64-bit words, read before the
   * call and written after it.
   */
  @Intrinsic
  public static void call(long block) {
    Machine.current().secureMonitorCall(block);
  }
}
