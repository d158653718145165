package ristretto.fuzz;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import ristretto.sim.Switching;

/** Dom0 and other domains execute anything that traps: MMIO, system registers, firmware calls. */
class InstructionFuzzTest {
  @Test
  void anyInstructionLeavesEverythingInOrder() {
    Rounds.run(InstructionsInTurn.class);
  }

  @Test
  void anyInstructionsAtTheSameTimeLeaveEverythingInOrder() {
    Rounds.run(InterleavedInstructions.class);
  }

  /** CPUs take turns between instructions of the guests. */
  static final class InstructionsInTurn implements LongConsumer {
    @Override
    public void accept(long seed) {
      Rounds.play(new Session(Player.Kind.INSTRUCTIONS, 2, 2, Switching.NEVER, seed), seed);
    }
  }

  /** CPUs take turns anywhere. */
  static final class InterleavedInstructions implements LongConsumer {
    @Override
    public void accept(long seed) {
      Rounds.play(new Session(Player.Kind.INSTRUCTIONS, 3, 3, Switching.RANDOM, seed), seed);
    }
  }
}
