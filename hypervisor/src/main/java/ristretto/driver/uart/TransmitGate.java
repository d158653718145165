package ristretto.driver.uart;

import ristretto.driver.timer.GenericTimer;
import ristretto.lang.Cold;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;

/** Waits for room in a transmitter, but never for long: a stuck line must not stop the machine. */
@Cold
final class TransmitGate {
  /** The longest wait as a fraction of a second: 20 ms, some 230 characters at 115200 baud. */
  private static final int FRACTION = 50;

  /** Whether the last wait ended without room: then nobody waits until there is room again. */
  private boolean stuck;

  /** True when {@code device} can take a byte. */
  boolean open(ConsoleDevice device) {
    if (device.canPut()) {
      stuck = false;
      return true;
    }
    if (stuck) {
      return false;
    }
    long limit = GenericTimer.frequency() / FRACTION;
    long start = SysReg.CNTPCT_EL0.read();
    while (SysReg.CNTPCT_EL0.read() - start <= limit) {
      if (device.canPut()) {
        return true;
      }
      Hint.spin();
    }
    stuck = true;
    return false;
  }
}
