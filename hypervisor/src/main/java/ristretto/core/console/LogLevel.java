package ristretto.core.console;

/**
 * How much is shown; the values of Xen's {@code loglvl=} and {@code guest_loglvl=}, from least to
 * most.
 */
public enum LogLevel {
  NONE("none"),
  /** Our fault. */
  ERROR("error"),
  /** Worth a developer's look. */
  WARNING("warning"),
  /** One line an event in the life of the machine or a domain. */
  INFO("info"),
  /** May carry guest data. */
  DEBUG("debug"),
  ALL("all");

  private final String option;

  LogLevel(String option) {
    this.option = option;
  }

  /** Shown when everything up to {@code threshold} is? */
  @SuppressWarnings("EnumOrdinal") // the order of declaration is the meaning
  boolean isWithin(LogLevel threshold) {
    return ordinal() <= threshold.ordinal();
  }

  /** The value on the command line. */
  public String option() {
    return option;
  }
}
