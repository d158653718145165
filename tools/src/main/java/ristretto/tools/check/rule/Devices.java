package ristretto.tools.check.rule;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import ristretto.tools.board.Board;
import ristretto.tools.board.Interrupt;
import ristretto.tools.board.Node;
import ristretto.tools.check.DomuConfig;

/** Questions about a DomU's devices that several rules ask. */
final class Devices {
  private Devices() {}

  /** The interrupts, as xl counts them, that the DomU's devices have. */
  static Set<Integer> wanted(DomuConfig config) {
    return config.devices().stream()
        .flatMap(device -> config.wanted(device).stream())
        .filter(Interrupt::isShared)
        .map(Interrupt::id)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** All that the board's tree gives them: a partial tree may leave some out. */
  static Set<Integer> possible(Board board, DomuConfig config) {
    Set<Integer> all = new LinkedHashSet<>(wanted(config));
    for (Node device : config.devices()) {
      device
          .all()
          .flatMap(node -> board.tree().interrupts(node).stream())
          .map(Interrupt::id)
          .forEach(all::add);
    }
    return all;
  }

  static boolean asksFor(DomuConfig config, int id) {
    return config.irqs().stream().anyMatch(irq -> irq.id() == id);
  }
}
