package ristretto.core.time;

import ristretto.driver.timer.GenericTimer;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/** System time: nanoseconds of the physical counter since it started to count. */
public final class SystemTime {
  private static final long NANOSECONDS_PER_SECOND = 1_000_000_000;

  private static final long MICROSECONDS_PER_SECOND = 1_000_000;

  private SystemTime() {}

  /** Now, in ns. */
  public static long now() {
    return toNanoseconds(SysReg.CNTPCT_EL0.read());
  }

  /** Counter ticks to nanoseconds, exact to the tick and without overflow in 500 years. */
  public static long toNanoseconds(long ticks) {
    long frequency = GenericTimer.frequency();
    return Long.divideUnsigned(ticks, frequency) * NANOSECONDS_PER_SECOND
        + Long.divideUnsigned(
            Long.remainderUnsigned(ticks, frequency) * NANOSECONDS_PER_SECOND, frequency);
  }

  /** Counter ticks of a span of {@code microseconds}, which is unsigned; rounded down. */
  @Cold
  public static long ticksOfMicroseconds(int microseconds) {
    return GenericTimer.frequency()
        * Integer.toUnsignedLong(microseconds)
        / MICROSECONDS_PER_SECOND;
  }

  /** Nanoseconds of system time to the first counter tick that is not earlier; saturates. */
  public static long toTicks(long nanoseconds) {
    long frequency = GenericTimer.frequency();
    long seconds = Long.divideUnsigned(nanoseconds, NANOSECONDS_PER_SECOND);
    long rest = Long.remainderUnsigned(nanoseconds, NANOSECONDS_PER_SECOND);
    if (Long.compareUnsigned(seconds, Long.MAX_VALUE / frequency - 1) >= 0) {
      return Long.MAX_VALUE;
    }
    return seconds * frequency
        + Long.divideUnsigned(
            rest * frequency + NANOSECONDS_PER_SECOND - 1, NANOSECONDS_PER_SECOND);
  }
}
