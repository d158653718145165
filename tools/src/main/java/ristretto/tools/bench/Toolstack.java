package ristretto.tools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import ristretto.tools.host.ToolException;

/**
 * What one run with Linux and the toolstack in Dom0 showed.
 *
 * @param stamps the console's lines
 */
record Toolstack(List<Stamp> stamps) {
  /**
   * Instructions of a phase.
   *
   * @param atEl2 those of them at EL2
   */
  record Cost(long all, long atEl2) {}

  /**
   * Takes a run that came to its end.
   *
   * @throws ToolException when it did not
   */
  static Toolstack of(List<Stamp> stamps) {
    Toolstack toolstack = new Toolstack(stamps);
    for (Phase phase : Phase.values()) {
      if (toolstack.cost(phase).isEmpty()) {
        throw new ToolException(
            "the toolstack did not come to '"
                + phase.label()
                + "'; the console said:\n"
                + toolstack.text(),
            "./ristretto run --hypervisor FILE shows whether Dom0 boots at all");
      }
    }
    return toolstack;
  }

  /** What the benchmark guest printed as a DomU. */
  Measurement guest() {
    return Measurement.of(text());
  }

  Optional<Cost> cost(Phase phase) {
    List<Cost> found = all(phase);
    if (phase.which() == Phase.LEAST) {
      return found.stream().min((a, b) -> Long.compare(a.all(), b.all()));
    }
    return phase.which() < found.size() ? Optional.of(found.get(phase.which())) : Optional.empty();
  }

  /** Every time that the phase was gone through; it begins at the last of lines that begin it. */
  private List<Cost> all(Phase phase) {
    List<Cost> found = new ArrayList<>();
    Optional<Stamp> begun = Optional.empty();
    for (Stamp stamp : stamps) {
      if (phase.beginsAt(stamp.text())) {
        begun = Optional.of(stamp);
      } else if (phase.endsAt(stamp.text()) && begun.isPresent()) {
        Stamp from = begun.orElseThrow();
        found.add(new Cost(stamp.all() - from.all(), stamp.atEl2() - from.atEl2()));
        begun = Optional.empty();
      }
    }
    return found;
  }

  private String text() {
    return stamps.stream().map(stamp -> stamp.text() + "\n").collect(Collectors.joining());
  }
}
