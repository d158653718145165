package ristretto.tools.bench;

import java.util.Locale;

/** What our figure comes to beside its bar. */
public enum Verdict {
  /** At or below the bar. */
  MET,
  /** Above the bar. */
  MISSED,
  /** Xen shows it and ours does not. */
  NOT_MEASURED,
  /** Nothing is asked for. */
  NO_BAR;

  /** As it is printed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
