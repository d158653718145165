package ristretto.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.function.Consumer;
import ristretto.sim.FreshImage;
import ristretto.sim.Switching;

/**
 * The same guests with Jazzer's bytes instead of a seed. An ordinary run replays the inputs that
 * are kept beside this class; {@code ./ristretto fuzz --coverage} looks for more, guided by what of
 * the hypervisor they reach. All inputs meet one machine, which each has to leave as it was.
 */
class JazzerFuzzTest {
  private static Consumer<Object> machine = input -> {};
  private static Class<?> started = JazzerFuzzTest.class;

  @FuzzTest(maxDuration = "10m")
  void hypercalls(FuzzedDataProvider input) {
    play(Hypercalls.class, input);
  }

  @FuzzTest(maxDuration = "10m")
  void instructions(FuzzedDataProvider input) {
    play(Instructions.class, input);
  }

  /** Boots when a target begins: Jazzer's coverage counts each class that is loaded as another. */
  private static void play(Class<? extends Target> target, FuzzedDataProvider input) {
    if (started != target) {
      @SuppressWarnings("unchecked") // a target takes any object
      Consumer<Object> fresh = FreshImage.make(target, Consumer.class);
      machine = fresh;
      started = target;
    }
    machine.accept(input);
  }

  /** Lives in the fresh copy. */
  abstract static class Target implements Consumer<Object> {
    private static final int STEPS = 200;
    private final Session session;

    Target(Player.Kind kind) {
      session = new Session(kind, 2, 3, Switching.NEVER, 1);
    }

    @Override
    public void accept(Object input) {
      Choices choices = new Bytes((FuzzedDataProvider) input);
      try {
        session.run(choices, STEPS);
      } catch (RuntimeException | Error error) {
        throw new AssertionError(Rounds.report(session, error), error);
      }
    }
  }

  static final class Hypercalls extends Target {
    Hypercalls() {
      super(Player.Kind.HYPERCALLS);
    }
  }

  static final class Instructions extends Target {
    Instructions() {
      super(Player.Kind.INSTRUCTIONS);
    }
  }

  private record Bytes(FuzzedDataProvider input) implements Choices {
    @Override
    public int below(int bound) {
      return input.consumeInt(0, bound - 1);
    }

    @Override
    public long any() {
      return input.consumeLong();
    }

    @Override
    public boolean hasMore() {
      return input.remainingBytes() != 0;
    }
  }
}
