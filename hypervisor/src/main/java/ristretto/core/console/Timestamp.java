package ristretto.core.console;

import ristretto.driver.timer.GenericTimer;
import ristretto.machine.SysReg;

/**
 * What precedes a line's text: {@code console_timestamps=}. Seconds are those of the system counter
 * since the first stamped line. Dates come from the clock that Dom0 sets; before it does, the two
 * styles with a date show seconds, as Xen's do.
 */
final class Timestamp {
  /** No time stamps. */
  static final int NONE = 0;

  /** Date and time of day, UTC. */
  static final int DATE = 1;

  /** The same with milliseconds. */
  static final int DATE_MILLISECONDS = 2;

  /** Counter ticks, hexadecimal. Everything else is seconds and microseconds. */
  static final int RAW = 4;

  private static final long MILLISECONDS = 1_000;
  private static final long MICROSECONDS = 1_000_000;
  private static final long NANOSECONDS = 1_000_000_000;

  private static int style = NONE;
  private static long origin;

  /** Nanoseconds since 1970 when the counter was 0; 0: nobody has said. */
  private static volatile long timeOfDay;

  private Timestamp() {}

  static void style(int newStyle) {
    style = newStyle;
    origin = 0;
  }

  static void timeOfDay(long nanosecondsAtCounterZero) {
    timeOfDay = nanosecondsAtCounterZero;
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
    boolean hasDate = style == DATE || style == DATE_MILLISECONDS;
    if (style == RAW) {
      line.text("[").hex(now, 16).text("] ");
    } else if (hasDate && timeOfDay != 0) {
      addDate(line, timeOfDay + scaled(now, NANOSECONDS));
    } else {
      long microseconds = scaled(now - origin, MICROSECONDS);
      line.text("[").dec(microseconds / MICROSECONDS, 5);
      line.text(".").decimals(microseconds % MICROSECONDS, 6).text("] ");
    }
  }

  /** Counter ticks in fractions of a second, of which there are {@code scale}. */
  private static long scaled(long ticks, long scale) {
    long frequency = GenericTimer.frequency();
    return ticks / frequency * scale + ticks % frequency * scale / frequency;
  }

  /** {@code nanoseconds} since 1970: as text. */
  private static void addDate(LogLine line, long nanoseconds) {
    long seconds = Long.divideUnsigned(nanoseconds, NANOSECONDS);
    CivilDate date = new CivilDate(seconds / CivilDate.SECONDS);
    line.text("[").decimals(date.year(), 4).text("-").decimals(date.month(), 2);
    line.text("-").decimals(date.day(), 2).text(" ");
    line.decimals(seconds / 3600 % 24, 2).text(":").decimals(seconds / 60 % 60, 2);
    line.text(":").decimals(seconds % 60, 2);
    if (style == DATE_MILLISECONDS) {
      long rest = Long.remainderUnsigned(nanoseconds, NANOSECONDS);
      line.text(".").decimals(rest / (NANOSECONDS / MILLISECONDS), 3);
    }
    line.text("] ");
  }
}
