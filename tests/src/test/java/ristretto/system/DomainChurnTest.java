package ristretto.system;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A moment of what {@link EnduranceTest} does for long. */
@Tag("system")
class DomainChurnTest {
  private static final int ROUNDS = 12;

  @Test
  void givesEverythingBack() {
    Churn.alone(ROUNDS);
  }
}
