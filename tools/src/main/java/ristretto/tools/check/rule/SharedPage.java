package ristretto.tools.check.rule;

import java.util.List;
import java.util.stream.Collectors;
import ristretto.tools.board.Board;
import ristretto.tools.board.Node;
import ristretto.tools.board.Region;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.IomemRange;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/** Pages that have registers of devices that the DomU is not meant to have. */
final class SharedPage implements Rule {
  @Override
  public String id() {
    return "shared-page";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      for (IomemRange range : config.iomem()) {
        List<Node> others = others(subject.board(), config, range);
        if (!others.isEmpty()) {
          report(subject.board(), range, others, findings);
        }
      }
    }
  }

  private static List<Node> others(Board board, DomuConfig config, IomemRange range) {
    // Should the count be wrong, the pages after its own registers are IomemCount's business.
    Region own = IomemCount.block(board, range).map(Region::pages).orElse(range.machine());
    List<Node> there = board.devicesIn(own);
    boolean ambiguous = there.size() > 1;
    return there.stream()
        .filter(node -> !Board.isShared(node))
        .filter(node -> isConsole(board, node) || ambiguous && !config.devices().contains(node))
        .filter(node -> !config.devices().contains(node.parent()))
        .toList();
  }

  private static boolean isConsole(Board board, Node node) {
    return board.tree().console().filter(node::equals).isPresent();
  }

  private void report(Board board, IomemRange range, List<Node> others, Findings findings) {
    String names = others.stream().map(Node::name).collect(Collectors.joining(", "));
    boolean console = others.stream().anyMatch(node -> isConsole(board, node));
    findings.add(
        this,
        range.text().at(0),
        "page "
            + range.start()
            + " also has the registers of "
            + names
            + (console
                ? "; the hypervisor keeps the page of its console"
                : ": the DomU gets those, too"),
        "stage 2 cannot divide a page: leave the device to Dom0, or take one with pages of its"
            + " own");
  }
}
