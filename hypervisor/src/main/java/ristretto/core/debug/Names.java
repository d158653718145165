package ristretto.core.debug;

import ristretto.core.sched.Residence;

/** Enum constants as the reports print them. */
final class Names {
  private Names() {}

  static String of(Residence residence) {
    return switch (residence) {
      case PARKED -> "parked";
      case LEAVING -> "leaving";
      case HELD -> "held";
      case QUEUED -> "queued";
      case RUNNING -> "running";
      default -> "unknown";
    };
  }
}
