package ristretto.core.console;

import ristretto.lang.Unboxed;

/**
 * A day of the Gregorian calendar, by its days since 1 January 1970. The year is taken to begin in
 * March: then the leap day is its last, and the lengths of the months follow one straight line.
 */
@Unboxed
record CivilDate(long days) {
  /** Seconds of a day. */
  static final long SECONDS = 24 * 60 * 60;

  /** Days from 1 March of the year 0 to 1970. */
  private static final long TO_1970 = 719_468;

  /** Days of 400, 100, 4 years and 1 year, without a leap day at the end that may be missing. */
  private static final long FOUR_CENTURIES = 146_097;

  private static final long CENTURY = 36_524;
  private static final long FOUR_YEARS = 1_461;
  private static final long YEAR = 365;

  /** Days of five months from March or August on. */
  private static final long FIVE_MONTHS = 153;

  /** Years since the year 0 that begin in March. */
  private long marchYear() {
    long day = days + TO_1970;
    long rest = day % FOUR_CENTURIES;
    long leapDays = rest / (FOUR_YEARS - 1) - rest / CENTURY + rest / (FOUR_CENTURIES - 1);
    return day / FOUR_CENTURIES * 400 + (rest - leapDays) / YEAR;
  }

  /** Days since 1 March. */
  private long dayOfYear() {
    long year = marchYear();
    return days + TO_1970 - (year * YEAR + year / 4 - year / 100 + year / 400);
  }

  /** 0 is March. */
  private long marchMonth() {
    return (5 * dayOfYear() + 2) / FIVE_MONTHS;
  }

  long year() {
    return marchMonth() < 10 ? marchYear() : marchYear() + 1;
  }

  /** 1 to 12. */
  long month() {
    return (marchMonth() + 2) % 12 + 1;
  }

  /** 1 to 31. */
  long day() {
    return dayOfYear() - (FIVE_MONTHS * marchMonth() + 2) / 5 + 1;
  }
}
