package ristretto.tools.check.rule;

import ristretto.tools.board.Board;
import ristretto.tools.board.Node;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.IomemRange;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/**
 * Pages of the system manager, of clocks, resets or pins, of an interrupt controller or an SMMU.
 */
final class ControlRegisters implements Rule {
  @Override
  public String id() {
    return "control-registers";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      for (IomemRange range : config.iomem()) {
        subject.board().devicesIn(range.machine()).stream()
            .filter(Board::isShared)
            .forEach(node -> report(range, node, findings));
      }
    }
  }

  private void report(IomemRange range, Node node, Findings findings) {
    boolean system = node.compatible().stream().anyMatch(name -> name.contains("sys-mgr"));
    findings.add(
        this,
        range.text().at(0),
        system
            ? "the whole page of the system manager ("
                + node.path()
                + "): the DomU could change what other devices do (on Agilex 5 even their stream"
                + " numbers, and so reach all memory by DMA)"
            : "the registers of " + node.path() + ", which other devices depend on",
        "remove this item: Dom0 sets the device up before it is passed through");
  }
}
