package ristretto.system;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What takes too long for every day: {@code ./ristretto test --endurance}. */
@Tag("endurance")
class EnduranceTest {
  private static final int ROUNDS = 200;
  private static final Duration LOADED = Duration.ofMinutes(10);

  @Test
  void twoHundredDomainsGiveEverythingBack() {
    Churn.alone(ROUNDS);
  }

  @Test
  void tenMinutesOfComingAndGoingDisturbNobodyWhoWorks() {
    Churn.besideLoad(LOADED);
  }
}
