package ristretto.driver.timer;

import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.SysReg;

/**
 * The system counter and the EL2 physical timer of the calling CPU. Arm ARM DDI 0487, "The Generic
 * Timer in AArch64 state". Times are ticks of CNTPCT_EL0.
 */
public final class GenericTimer {
  /** CNTHP_CTL_EL2.ENABLE, with IMASK clear. */
  private static final long ENABLE = 1;

  /**
   * CNTHCTL_EL2 with HCR_EL2.E2H 0: EL1PCTEN set, a guest reads the physical counter; EL1PCEN
   * clear, its accesses to the physical timer trap; no event stream.
   */
  private static final long COUNTER_OPEN_TIMER_TRAPPED = 1;

  /** What is assumed where nobody says: Armv8.6 makes it the rule. Nothing then waits too short. */
  private static final long ONE_GIGAHERTZ = 1_000_000_000;

  private static long frequency = ONE_GIGAHERTZ;

  private GenericTimer() {}

  /**
   * Learns the counter's frequency. It is kept here and not written to CNTFRQ_EL0, which only the
   * highest exception level may do.
   *
   * @param fromDeviceTree {@code clock-frequency} of the timer node, which firmware that leaves
   *     CNTFRQ_EL0 unset needs; 0 if there is none
   * @return false if nobody says, and then waits are guesses
   */
  @BootOnly
  public static boolean setFrequency(long fromDeviceTree) {
    long known = fromDeviceTree != 0 ? fromDeviceTree : Bits.get(SysReg.CNTFRQ_EL0.read(), 31, 0);
    frequency = known != 0 ? known : ONE_GIGAHERTZ;
    return known != 0;
  }

  /** Ticks a second. */
  @Inline
  public static long frequency() {
    return frequency;
  }

  /** Quiet timers on the calling CPU, and what guests may do of themselves. */
  public static void startThisCpu() {
    stop();
    SysReg.CNTV_CTL_EL0.write(0);
    SysReg.CNTP_CTL_EL0.write(0);
    SysReg.CNTVOFF_EL2.write(0);
    SysReg.CNTHCTL_EL2.write(COUNTER_OPEN_TIMER_TRAPPED);
  }

  @Inline
  public static long counter() {
    return SysReg.CNTPCT_EL0.read();
  }

  /** Asks for an interrupt of the calling CPU at {@code deadline}, or at once if it is over. */
  @Inline
  public static void program(long deadline) {
    SysReg.CNTHP_CVAL_EL2.write(deadline);
    SysReg.CNTHP_CTL_EL2.write(ENABLE);
  }

  @Inline
  public static void stop() {
    SysReg.CNTHP_CTL_EL2.write(0);
  }
}
