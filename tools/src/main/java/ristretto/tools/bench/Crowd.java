package ristretto.tools.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a turn costs, from one vCPU to the next on one CPU, beside few and beside many others: most
 * of them in domains that the guest makes as Dom0. The exchange of registers and the trap, which
 * are the same for any number, are in it.
 */
enum Crowd {
  YIELD("yield to the next of %d vCPUs that all yield"),
  SLEEP("sleep and wake by timer of each of %d vCPUs");

  /** How many vCPUs there are. */
  static final int FEW = 8;

  /** As many as 63 domains and Dom0 have with 8 each. */
  static final int MANY = 512;

  /** A turn beside many may take so many times what it takes beside few. */
  private static final double GROWTH = 1.5;

  private final String label;

  Crowd(String label) {
    this.label = label;
  }

  /** Names and labels alone. */
  static List<Figure> none() {
    return figures(null, null, null, null);
  }

  /** The figures of both sizes. */
  static List<Figure> figures(
      @Nullable Measurement few,
      @Nullable Measurement many,
      @Nullable Measurement fewOnXen,
      @Nullable Measurement manyOnXen) {
    return List.of(
        YIELD.figure(FEW, few, fewOnXen, OptionalDouble.empty()),
        YIELD.figure(MANY, many, manyOnXen, YIELD.bar(few)),
        SLEEP.figure(FEW, few, fewOnXen, OptionalDouble.empty()),
        SLEEP.figure(MANY, many, manyOnXen, SLEEP.bar(few)));
  }

  private Figure figure(
      int size, @Nullable Measurement ours, @Nullable Measurement xen, OptionalDouble bar) {
    return new Figure(
        key() + "_" + size,
        String.format(Locale.ROOT, label, size),
        Figure.Unit.INSTRUCTIONS,
        of(ours),
        of(xen),
        bar);
  }

  private OptionalDouble bar(@Nullable Measurement few) {
    OptionalDouble turn = of(few);
    return turn.isEmpty() ? turn : OptionalDouble.of(turn.getAsDouble() * GROWTH);
  }

  private OptionalDouble of(@Nullable Measurement measurement) {
    return measurement == null ? OptionalDouble.empty() : measurement.value(key());
  }

  private String key() {
    return "crowd_" + name().toLowerCase(Locale.ROOT);
  }
}
