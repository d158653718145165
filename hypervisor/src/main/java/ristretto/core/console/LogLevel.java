package ristretto.core.console;

/**
 * How much is shown, from least to most: the values of {@code loglvl=} and {@code guest_loglvl=}.
 */
public enum LogLevel {
  NONE("nothing"),
  /** Our fault. */
  ERROR("errors"),
  /** Worth a developer's look. */
  WARNING("errors and warnings"),
  /** One line an event in the life of the machine or a domain. */
  INFO("errors, warnings and info"),
  /** May carry guest data. */
  DEBUG("everything");

  private static final LogLevel[] ALL = values();

  private final String shown;

  LogLevel(String shown) {
    this.shown = shown;
  }

  /** The level at {@code position}, 0 for NONE; the nearest if there is none. */
  public static LogLevel of(int position) {
    return ALL[Math.max(0, Math.min(ALL.length - 1, position))];
  }

  /** The level that shows {@code steps} kinds of messages more than this one. */
  @SuppressWarnings("EnumOrdinal") // the order of declaration is the meaning
  LogLevel plus(int steps) {
    return of(ordinal() + steps);
  }

  /** Shown when everything up to {@code threshold} is? */
  @SuppressWarnings("EnumOrdinal") // as above
  boolean isWithin(LogLevel threshold) {
    return ordinal() <= threshold.ordinal();
  }

  /** What a threshold of this level shows. */
  String shown() {
    return shown;
  }
}
