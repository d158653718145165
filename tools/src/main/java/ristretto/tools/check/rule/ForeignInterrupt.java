package ristretto.tools.check.rule;

import java.util.Optional;
import java.util.Set;
import ristretto.tools.board.Board;
import ristretto.tools.board.Node;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/** An interrupt of a device that the DomU does not have. */
final class ForeignInterrupt implements Rule {
  /** Arm IHI 0048 and IHI 0069, "INTIDs": the ones above are special. */
  private static final int LAST_SHARED = 1019;

  @Override
  public String id() {
    return "foreign-interrupt";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      Set<Integer> possible = Devices.possible(subject.board(), config);
      for (DomuConfig.Irq irq : config.irqs()) {
        if (possible.contains(irq.id()) || SpiNumber.isNumberOfSpi(config, possible, irq)) {
          continue;
        }
        if (irq.id() < SpiNumber.FIRST_SHARED || irq.id() > LAST_SHARED) {
          findings.add(
              this,
              irq.position(),
              irq.id() + " is no interrupt of a device: those are 32 to 1019",
              "write the number that the device tree has, and 32");
          continue;
        }
        owner(subject.board(), irq.id())
            .ifPresent(node ->
                findings.add(
                    this,
                    irq.position(),
                    "interrupt "
                        + irq.id()
                        + " is that of "
                        + node.path()
                        + ", which this DomU does not have",
                    "remove it, or pass that device through, too"));
      }
    }
  }

  private static Optional<Node> owner(Board board, int id) {
    return board
        .tree()
        .nodes()
        .filter(node ->
            board.tree().interrupts(node).stream()
                .anyMatch(interrupt -> interrupt.isShared() && interrupt.id() == id))
        .findFirst();
  }
}
