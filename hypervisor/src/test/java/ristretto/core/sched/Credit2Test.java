package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.sim.FreshImage;

/** Shares, caps and wake-ups, on four simulated CPUs, compared with {@link FluidModel}. */
class Credit2Test {
  private static final int CPUS = 4;
  private static final int SECONDS_10 = 10_000;

  /** All are busy all the time. */
  abstract static class Busy extends LoadedMachine {
    private final int[] weights;

    Busy(int... weights) {
      super(CPUS, SECONDS_10);
      this.weights = weights;
    }

    @Override
    void prepare() {
      for (int weight : weights) {
        domain(1).share.set(weight, 0);
      }
    }

    @Override
    void check() {
      FluidModel model = new FluidModel(CPUS);
      for (int weight : weights) {
        model.add(weight, List.of(new double[] {0, SECONDS_10}));
      }
      double[] fair = model.shares(SECONDS_10);
      for (int i = 0; i < weights.length; i++) {
        assertEquals(1, ran(vcpus.get(i)) / fair[i], 0.02, "vCPU " + i);
      }
    }
  }

  @Test
  void twoHaveACpuEachWhateverTheirWeights() {
    FreshImage.run(Two.class);
  }

  static final class Two extends Busy {
    Two() {
      super(256, 64);
    }
  }

  @Test
  void eightShareByWeight() {
    FreshImage.run(Eight.class);
  }

  static final class Eight extends Busy {
    Eight() {
      super(256, 256, 512, 128, 64, 300, 256, 400);
    }
  }

  @Test
  void eightWithOneThatIsDueMoreThanACpu() {
    FreshImage.run(Heavy.class);
  }

  static final class Heavy extends Busy {
    Heavy() {
      super(10_000, 256, 256, 128, 256, 256, 64, 256);
    }
  }

  @Test
  void thirtyTwoShareByWeight() {
    FreshImage.run(ThirtyTwo.class);
  }

  static final class ThirtyTwo extends Busy {
    ThirtyTwo() {
      super(
          256, 256, 512, 128, 64, 300, 256, 400, 1024, 256, 256, 100, 200, 300, 400, 500, 256, 256,
          512, 128, 64, 300, 256, 400, 1024, 256, 256, 100, 200, 300, 400, 500);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoComesAndGoesHasWhatIsFair(long seed) {
    FreshImage.run(Random10.class, seed);
  }

  /** Each wants to run for a while and then not, at random. */
  static final class Random10 implements LongConsumer {
    @Override
    public void accept(long seed) {
      new RandomLoad(seed).run();
    }
  }

  static final class RandomLoad extends LoadedMachine {
    private final Random random;
    private final FluidModel model = new FluidModel(CPUS);

    RandomLoad(long seed) {
      super(CPUS, SECONDS_10);
      random = new Random(seed);
    }

    @Override
    void prepare() {
      int count = 6 + random.nextInt(10);
      for (int i = 0; i < count; i++) {
        int weight = 64 << random.nextInt(4);
        Domain domain = domain(1);
        domain.share.set(weight, 0);
        model.add(weight, wishes(domain.vcpus[0]));
      }
    }

    private List<double[]> wishes(Vcpu vcpu) {
      List<double[]> wishes = new ArrayList<>();
      double time = 0;
      while (time < SECONDS_10) {
        double until = time + 50 + random.nextInt(1500);
        wishes.add(new double[] {time, until});
        blockAt(until, vcpu);
        time = until + 1 + random.nextInt(500);
        wakeAt(time, vcpu);
      }
      return wishes;
    }

    @Override
    void check() {
      double[] fair = model.shares(SECONDS_10);
      for (int i = 0; i < fair.length; i++) {
        assertEquals(fair[i], ran(vcpus.get(i)), 0.02 * fair[i] + 30, "vCPU " + i);
      }
    }
  }

  /** CPUs, and for each domain its vCPUs, weight and cap. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4  1:256:20 2:256:130 1:512:50 1:256:0 1:256:0",
        "1  1:256:20 1:256:0",
        "1  1:256:50 1:256:0",
        "1  1:64:20 1:256:0",
        "1  1:256:80 1:256:0 1:256:0",
        "2  1:256:30 1:256:30 1:256:0 1:256:0",
        "4  4:256:200 6:256:0",
        "4  4:256:100 6:256:0",
        "4  2:256:60 2:256:60 2:256:60 2:512:0",
        "2  1:256:90 1:256:90 1:256:20"
      })
  void capsHoldAndTheOthersShareTheRest(String load) {
    @SuppressWarnings("unchecked") // its own argument
    Consumer<String> caps = FreshImage.make(Caps.class, Consumer.class);
    caps.accept(load);
  }

  static final class Caps implements Consumer<String> {
    @Override
    public void accept(String load) {
      String[] words = load.split(" +", -1);
      new CappedLoad(Integer.parseInt(words[0]), List.of(words).subList(1, words.length)).run();
    }
  }

  static final class CappedLoad extends LoadedMachine {
    private final List<String> domains;
    private final FluidModel model;

    CappedLoad(int cpus, List<String> domains) {
      super(cpus, SECONDS_10);
      this.domains = domains;
      this.model = new FluidModel(cpus);
    }

    @Override
    void prepare() {
      for (String domain : domains) {
        String[] numbers = domain.split(":", -1);
        int count = Integer.parseInt(numbers[0]);
        int weight = Integer.parseInt(numbers[1]);
        int cap = Integer.parseInt(numbers[2]);
        domain(count).share.set(weight, cap);
        double most = cap == 0 ? 1 : Math.min(1, cap / 100.0 / count);
        for (int i = 0; i < count; i++) {
          model.add(weight, most, List.of(new double[] {0, SECONDS_10}));
        }
      }
    }

    @Override
    void check() {
      double[] fair = model.shares(SECONDS_10);
      for (int i = 0; i < fair.length; i++) {
        assertEquals(1, ran(vcpus.get(i)) / fair[i], 0.02, "vCPU " + i + " of " + domains);
      }
    }
  }

  @Test
  void thoseThatArePinnedToACpuShareItWhateverTheOthersDo() {
    FreshImage.run(Pinned.class);
  }

  /** Groups that are in each other's way nowhere: one CPU each, more or less in demand. */
  static final class Pinned extends LoadedMachine {
    private static final int[][] WEIGHTS = {{256, 512, 128, 1024}, {256, 512}, {64}, {64, 64, 256}};

    Pinned() {
      super(CPUS, SECONDS_10);
    }

    @Override
    void prepare() {
      for (int cpu = 0; cpu < CPUS; cpu++) {
        for (int weight : WEIGHTS[cpu]) {
          Domain domain = domain(1);
          domain.share.set(weight, 0);
          Scheduler.setAffinity(domain.vcpus[0], 1L << cpu, -1);
        }
      }
    }

    @Override
    void check() {
      int next = 0;
      for (int[] group : WEIGHTS) {
        double all = IntStream.of(group).sum();
        for (int weight : group) {
          double fair = SECONDS_10 * weight / all;
          assertEquals(1, ran(vcpus.get(next)) / fair, 0.02, "vCPU " + next);
          next++;
        }
      }
    }
  }

  @Test
  void withoutARateLimitNobodyTakesTheCpuForEver() {
    FreshImage.run(Unlimited.class);
  }

  /** Two that wake together, each of which is the better off as soon as the other has run. */
  static final class Unlimited extends LoadedMachine {
    private double lastTurn;
    private double shortest = 100;
    private int turns;

    Unlimited() {
      super(1, 150);
    }

    @Override
    void prepare() {
      Pool.FIRST.setRateLimit(0);
      domain(1);
      for (int i = 0; i < 2; i++) {
        Vcpu sleeper = domain(1).vcpus[0];
        blockAt(1, sleeper);
        wakeAt(100 + 0.01 * i, sleeper);
      }
    }

    @Override
    void goesOn(Vcpu vcpu) {
      if (now() > 100) {
        shortest = turns++ == 0 ? shortest : Math.min(shortest, now() - lastTurn);
        lastTurn = now();
      }
    }

    @Override
    void check() {
      assertTrue(turns > 2, turns + " turns");
      assertTrue(shortest >= 0.05, "a turn of " + shortest + " ms");
    }
  }

  @Test
  void aWokenVcpuWithCreditWaitsForTheRateLimitAtMost() {
    FreshImage.run(WakeUps.class);
  }

  /** Eight busy ones, and one that needs little, as Dom0 does. */
  static final class WakeUps extends LoadedMachine {
    WakeUps() {
      super(CPUS, 1000);
    }

    @Override
    void prepare() {
      Vcpu little = domain(1).vcpus[0];
      domain(8);
      blockAt(1, little);
      for (int i = 1; i < 49; i++) {
        wakeAt(20 * i, little);
        blockAt(20 * i + 2, little); // while it waits for a CPU it has less
      }
    }

    @Override
    void check() {
      double waited = in(vcpus.get(0), RunstateInfo.RUNNABLE);
      assertTrue(waited < 48 * 1.1, "milliseconds waited: " + waited);
      assertTrue(waited < 24, "half a rate limit on average: " + waited);
    }
  }
}
