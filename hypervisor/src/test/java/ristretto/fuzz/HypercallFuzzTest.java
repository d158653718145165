package ristretto.fuzz;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import ristretto.sim.Switching;

/** Dom0 and other domains make up hypercalls. */
class HypercallFuzzTest {
  @Test
  void anyCallLeavesEverythingInOrder() {
    Rounds.run(OneAfterAnother.class);
  }

  @Test
  void anyCallsAtTheSameTimeLeaveEverythingInOrder() {
    Rounds.run(Interleaved.class);
  }

  /** CPUs take turns between instructions of the guests. */
  static final class OneAfterAnother implements LongConsumer {
    @Override
    public void accept(long seed) {
      Rounds.play(new Session(Player.Kind.HYPERCALLS, 2, 3, Switching.NEVER, seed), seed);
    }
  }

  /** CPUs take turns anywhere. */
  static final class Interleaved implements LongConsumer {
    @Override
    public void accept(long seed) {
      Rounds.play(new Session(Player.Kind.HYPERCALLS, 3, 2, Switching.RANDOM, seed), seed);
    }
  }
}
