package ristretto.tools.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How far what domains get of four CPUs in ten seconds is from what is fair, at most, in hundredths
 * of a percent of that. Each domain has one vCPU, which is busy all the time.
 */
enum Shares {
  TWO("2 vCPUs", repeated(2, 256, 64)),
  EIGHT("8 vCPUs", repeated(8, 256, 1024, 128, 256, 400, 256, 256, 128)),
  THIRTY_TWO("32 vCPUs", repeated(32, 256, 512, 128, 256, 400)),
  CAPS(
      "8 vCPUs, 3 with caps",
      List.of(
          new Domain(256, 20),
          new Domain(256, 35),
          new Domain(512, 45),
          new Domain(256, 0),
          new Domain(256, 0),
          new Domain(256, 0),
          new Domain(256, 0),
          new Domain(256, 0)));

  static final int CPUS = 4;

  private static final double HUNDREDTHS_OF_A_PERCENT = 10_000;
  private static final double BAR = 200;

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // a list of records of numbers that nobody can change
  private final List<Domain> domains;

  Shares(String label, List<Domain> domains) {
    this.label = label;
    this.domains = domains;
  }

  /**
   * What a domain may have.
   *
   * @param weight relative to others'
   * @param cap percent of a CPU, 0 for none
   */
  record Domain(int weight, int cap) {
    double most() {
      return cap == 0 ? 1 : cap / 100.0;
    }
  }

  private static List<Domain> repeated(int count, int... weights) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Domain(weights[i % weights.length], 0))
        .toList();
  }

  /** What the guest is told. */
  String list() {
    return domains.stream()
        .map(domain -> domain.weight + (domain.cap == 0 ? "" : "." + domain.cap))
        .collect(Collectors.joining("/"));
  }

  Figure figure(@Nullable Measurement ours, @Nullable Measurement xen) {
    return new Figure(
        "shares_" + name().toLowerCase(Locale.ROOT),
        "furthest from a fair share of 4 CPUs, " + label,
        Figure.Unit.PERCENT,
        furthest(ours),
        furthest(xen),
        OptionalDouble.of(BAR));
  }

  private OptionalDouble furthest(@Nullable Measurement measured) {
    if (measured == null) {
      return OptionalDouble.empty();
    }
    double[] fair = fair();
    double most = 0;
    for (int i = 0; i < fair.length; i++) {
      OptionalDouble had = measured.value(String.format(Locale.ROOT, "share_%02d", i));
      if (had.isEmpty()) {
        return had;
      }
      most = Math.max(most, Math.abs(had.getAsDouble() / 1e6 / fair[i] - 1));
    }
    return OptionalDouble.of(most * HUNDREDTHS_OF_A_PERCENT);
  }

  /** CPUs that each would have if they could be divided at will: by weight, up to its most. */
  double[] fair() {
    double[] shares = new double[domains.size()];
    Arrays.fill(shares, -1);
    double left = CPUS;
    for (boolean changed = true; changed; ) {
      double perWeight = left / weightOfThoseWithout(shares);
      changed = false;
      for (int i = 0; i < shares.length; i++) {
        Domain domain = domains.get(i);
        if (shares[i] < 0 && domain.weight * perWeight > domain.most()) {
          shares[i] = domain.most();
          left -= domain.most();
          changed = true;
        }
      }
    }
    double perWeight = left / weightOfThoseWithout(shares);
    for (int i = 0; i < shares.length; i++) {
      shares[i] = shares[i] < 0 ? domains.get(i).weight * perWeight : shares[i];
    }
    return shares;
  }

  private double weightOfThoseWithout(double[] shares) {
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      sum += shares[i] < 0 ? domains.get(i).weight : 0;
    }
    return sum;
  }
}
