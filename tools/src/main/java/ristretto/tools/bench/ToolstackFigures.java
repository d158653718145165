package ristretto.tools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The figures of a run with the toolstack: ours beside Xen's, each with its bar. */
final class ToolstackFigures {
  /** docs/bars.md: our own part of making and ending a DomU is at most this share of Xen's. */
  private static final double OWN_SHARE = 0.25;

  /**
   * All together take no more than on Xen, by what can be said: Linux's own part differs by up to a
   * hundredth between runs of the same hypervisor, because the disk answers in the host's time.
   */
  private static final double WHOLE_SHARE = 1.01;

  private ToolstackFigures() {}

  /** Without measurements: names and labels. */
  static List<Figure> none() {
    return figures(null, null);
  }

  static List<Figure> of(Toolstack ours, Toolstack xen) {
    return figures(ours, xen);
  }

  private static List<Figure> figures(@Nullable Toolstack ours, @Nullable Toolstack xen) {
    List<Figure> figures = new ArrayList<>();
    for (Row row : Row.values()) {
      if (!row.needsTwoCpus()) {
        OptionalDouble xens = xen == null ? OptionalDouble.empty() : xen.guest().of(row);
        figures.add(
            new Figure(
                "domu_" + row.key(),
                "DomU: " + row.label(),
                Figure.Unit.INSTRUCTIONS,
                ours == null ? OptionalDouble.empty() : ours.guest().of(row),
                xens,
                row.bar(xens)));
      }
    }
    for (Phase phase : Phase.values()) {
      figures.add(figure(phase, "", "", Toolstack.Cost::all, WHOLE_SHARE, ours, xen));
      figures.add(
          figure(
              phase,
              "_hypervisor",
              ", at EL2",
              Toolstack.Cost::atEl2,
              phase.isBuilding() ? OWN_SHARE : Double.POSITIVE_INFINITY,
              ours,
              xen));
    }
    return figures;
  }

  private static Figure figure(
      Phase phase,
      String nameSuffix,
      String labelSuffix,
      ToLongFunction<Toolstack.Cost> part,
      double share,
      @Nullable Toolstack ours,
      @Nullable Toolstack xen) {
    OptionalDouble xens = value(xen, phase, part);
    return new Figure(
        phase.key() + nameSuffix,
        phase.label() + labelSuffix,
        Figure.Unit.MILLION_INSTRUCTIONS,
        value(ours, phase, part),
        xens,
        xens.isPresent() && Double.isFinite(share)
            ? OptionalDouble.of(xens.getAsDouble() * share)
            : OptionalDouble.empty());
  }

  private static OptionalDouble value(
      @Nullable Toolstack toolstack, Phase phase, ToLongFunction<Toolstack.Cost> part) {
    return toolstack == null
        ? OptionalDouble.empty()
        : toolstack.cost(phase).stream().mapToDouble(cost -> part.applyAsLong(cost)).findFirst();
  }
}
