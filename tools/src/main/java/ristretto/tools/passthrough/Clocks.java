package ristretto.tools.passthrough;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ristretto.tools.board.BoardFacts;
import ristretto.tools.board.Node;

/** The clocks of devices for a DomU: fixed ones are copied, outputs of others become fixed. */
final class Clocks {
  /**
   * What a device's clock comes from.
   *
   * @param cells which of the provider's outputs; none where it has one
   */
  record Output(Node provider, List<Integer> cells) {
    static Output of(Reference reference) {
      return new Output(reference.target(), reference.arguments());
    }

    /**
     * What `--clock` and the board's description call it. The clock manager's outputs go by their
     * numbers: Linux, intel,agilex5-clkmgr.h.
     */
    String name() {
      return isManaged()
          ? joined(".")
          : provider.name() + (cells.isEmpty() ? "" : "." + joined("."));
    }

    private boolean isManaged() {
      return !cells.isEmpty()
          && provider.compatible().stream().anyMatch(name -> name.contains("clkmgr"));
    }

    private String joined(String by) {
      return cells.stream().map(String::valueOf).collect(Collectors.joining(by));
    }

    /** A label in the partial tree, which no other output has. */
    String label() {
      String place = isManaged() ? "/" : provider.path() + "/";
      return ("clock" + place + joined("/"))
          .replaceAll("[^A-Za-z0-9]+", "_")
          .replaceFirst("_$", "");
    }

    @Override
    public String toString() {
      return (cells.isEmpty() ? "" : "output " + joined(" ") + " of ") + provider.path();
    }
  }

  private final BoardFacts facts;
  private final Map<String, Long> given;
  private final Set<String> refusals;
  private final Set<String> notes;
  private final Set<String> unused;
  private final Map<Output, Long> outputs = new LinkedHashMap<>();
  private final Map<Node, Long> firmwares = new LinkedHashMap<>();

  /**
   * None yet.
   *
   * @param given frequencies in Hz, by their names, in place of those of {@code facts}
   * @param refusals gets why a clock cannot be had
   * @param notes gets what has to be known of the others
   */
  Clocks(BoardFacts facts, Map<String, Long> given, Set<String> refusals, Set<String> notes) {
    this.facts = facts;
    this.given = Map.copyOf(given);
    this.refusals = refusals;
    this.notes = notes;
    this.unused = new TreeSet<>(given.keySet());
  }

  /** Outputs that become fixed clocks, with their frequencies in Hz. */
  Map<Output, Long> outputs() {
    return outputs;
  }

  /** Fixed clocks that firmware sets, whatever the tree says, with their frequencies in Hz. */
  Map<Node, Long> ofFirmware() {
    return firmwares;
  }

  /** Those that were given, and that no device has. */
  Set<String> unused() {
    return unused;
  }

  /** Takes a clock of a node; true where its provider is copied. */
  boolean isCopied(Node node, Reference reference) {
    Output output = Output.of(reference);
    OptionalLong frequency = frequency(output.name());
    if (output.provider().isCompatible("fixed-clock")) {
      frequency.ifPresent(hertz -> setByFirmware(node, output.provider(), hertz));
      return true;
    }
    frequency.ifPresentOrElse(
        hertz -> becomesFixed(node, output, hertz), () -> refuse(node, output));
    return false;
  }

  private OptionalLong frequency(String clock) {
    unused.remove(clock);
    Long hertz = given.get(clock);
    return hertz == null ? facts.clock(clock) : OptionalLong.of(hertz);
  }

  private void refuse(Node node, Output output) {
    refusals.add(
        node.path()
            + " needs "
            + output
            + ", whose frequency is not known: read it on the board (clk_summary) and give it by"
            + " --clock "
            + output.name()
            + "=HZ");
  }

  private void becomesFixed(Node node, Output output, long hertz) {
    outputs.put(output, hertz);
    notes.add(
        node.path()
            + ": "
            + output
            + " becomes a fixed clock: it has to run, at that frequency, when the DomU starts");
  }

  private void setByFirmware(Node node, Node clock, long hertz) {
    firmwares.put(clock, hertz);
    notes.add(
        node.path()
            + ": "
            + clock.path()
            + " is "
            + hertz
            + " Hz here, whatever the tree says: firmware sets it and prints it when the board"
            + " starts. Another: --clock "
            + clock.name()
            + "=HZ");
  }
}
