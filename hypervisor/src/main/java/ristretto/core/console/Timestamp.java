package ristretto.core.console;

import ristretto.lang.Bits;
import ristretto.machine.SysReg;

/**
 * What precedes a line's text: {@code console_timestamps=}. The time is that of the system counter
 * since the first stamped line; dates, which Xen takes from a clock that we do not have, show it
 * too.
 */
final class Timestamp {
  /** No time stamps. */
  static final int NONE = 0;

  /** Counter ticks, hexadecimal. Everything between this and {@link #NONE} is seconds. */
  static final int RAW = 4;

  private static final long MICROSECONDS = 1_000_000;

  private static int style = NONE;
  private static long origin;

  private Timestamp() {}

  static void style(int newStyle) {
    style = newStyle;
    origin = 0;
  }

  /** Adds the stamp to {@code line}, or nothing. */
  static void addTo(LogLine line) {
    if (style == NONE) {
      return;
    }
    long now = SysReg.CNTPCT_EL0.read();
    if (origin == 0) {
      origin = now;
    }
    if (style == RAW) {
      line.text("[").hex(now, 16).text("] ");
    } else {
      long frequency = Math.max(1, Bits.get(SysReg.CNTFRQ_EL0.read(), 31, 0));
      long ticks = now - origin;
      long seconds = Long.divideUnsigned(ticks, frequency);
      long rest = Long.remainderUnsigned(ticks, frequency);
      line.text("[").dec(seconds, 5).text(".");
      line.decimals(rest * MICROSECONDS / frequency, 6).text("] ");
    }
  }
}
