package ristretto.tools.check.rule;

import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Interrupt;
import ristretto.tools.board.Node;
import ristretto.tools.board.Property;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/**
 * A private interrupt with the number that the interrupt controller knows it by, 16 too high, as in
 * Linux's tree of Agilex 5: there are sixteen of them.
 */
final class PrivateInterrupt implements Rule {
  private static final int PRIVATE_INTERRUPTS = 16;

  @Override
  public String id() {
    return "private-interrupt";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DeviceTree tree : subject.trees()) {
      tree.nodes().forEach(node -> check(tree, node, findings));
    }
  }

  private void check(DeviceTree tree, Node node, Findings findings) {
    Property property = node.property("interrupts");
    if (property == null) {
      return;
    }
    for (Interrupt interrupt : tree.interrupts(node)) {
      if (interrupt.type() == Interrupt.PRIVATE && interrupt.number() >= PRIVATE_INTERRUPTS) {
        findings.add(
            this,
            property.position(),
            node.path() + ": there is no private interrupt (PPI) " + interrupt.number(),
            "write <1 "
                + (interrupt.number() - PRIVATE_INTERRUPTS)
                + " "
                + interrupt.flags()
                + "> if "
                + interrupt.number()
                + " is the interrupt controller's number");
      }
    }
  }
}
