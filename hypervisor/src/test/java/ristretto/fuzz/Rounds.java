package ristretto.fuzz;

import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import ristretto.sim.FreshImage;

/**
 * Rounds of a bounded run: each has a seed of its own, which a failure names. {@code
 * -Dristretto.seed=} repeats one round, {@code -Dristretto.fuzz.first=} begins with another one,
 * {@code -Dristretto.fuzz.seconds=} says how long rounds begin: an ordinary run has always the
 * same.
 */
final class Rounds {
  private static final int STEPS = Integer.getInteger("ristretto.fuzz.steps", 400);
  private static final int FEWEST = 2;
  private static final int SECONDS = Integer.getInteger("ristretto.fuzz.seconds", 0);
  private static final int SHOWN = 24;

  private Rounds() {}

  /** Each round on a fresh image. */
  static void run(Class<? extends LongConsumer> round) {
    Long only = Long.getLong("ristretto.seed");
    if (only != null) {
      FreshImage.run(round, only);
      return;
    }
    long seed = Long.getLong("ristretto.fuzz.first", 1);
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    int rounds = 0;
    do {
      FreshImage.run(round, seed);
      seed++;
      rounds++;
    } while (rounds < FEWEST || System.nanoTime() < end);
    System.out.printf("%s: %d rounds up to seed %d%n", round.getSimpleName(), rounds, seed - 1);
  }

  /** The steps of one round; what fails tells how it came to that. */
  static void play(Session session, long seed) {
    try {
      session.run(Choices.seeded(seed), STEPS);
    } catch (RuntimeException | Error error) {
      String how = "%s%nrepeat with -Dristretto.seed=%d".formatted(report(session, error), seed);
      throw new AssertionError(how, error);
    }
  }

  /** What went wrong, and what was done last before that. */
  static String report(Session session, Throwable error) {
    List<String> done = session.done();
    String last = String.join("\n  ", done.subList(Math.max(0, done.size() - SHOWN), done.size()));
    return "%s%ndone last:%n  %s".formatted(error.getMessage(), last);
  }
}
