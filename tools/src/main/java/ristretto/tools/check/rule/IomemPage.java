package ristretto.tools.check.rule;

import java.util.List;
import java.util.Optional;
import ristretto.tools.board.Board;
import ristretto.tools.board.Node;
import ristretto.tools.board.Region;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.IomemRange;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.xl.XlValue;

/** An item of iomem that names no page of a device: an address, or a digit too many. */
final class IomemPage implements Rule {
  @Override
  public String id() {
    return "iomem-page";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      for (XlValue.Text text : config.xl().texts("iomem")) {
        if (!config.iomem().stream().anyMatch(range -> range.text() == text)) {
          findings.add(
              this,
              text.position(),
              "'" + text.text() + "' is no range of pages that there are, and xl refuses it",
              "write \"START,COUNT\", both in hexadecimal, for instance \"0x10900,0x100\"");
        }
      }
      config.iomem().forEach(range -> check(subject.board(), range, findings));
    }
  }

  private void check(Board board, IomemRange range, Findings findings) {
    Region pages = range.pages() == 0 ? range.firstPage() : range.machine();
    if (!board.devicesIn(pages).isEmpty() || isFabric(board, pages)) {
      return;
    }
    String problem = "the board has no device in page " + range.start();
    Optional<Node> meant = meant(board, range.machine().base() / Region.PAGE);
    findings.add(
        this,
        range.text().at(0),
        meant.isPresent() ? problem + ": pages are counted, not bytes" : problem,
        meant
            .map(node -> "write \"" + IomemRange.write(first(node)) + "\" for " + node.path())
            .orElse(
                "write the number of a page: the address of the registers without its last three"
                    + " digits"));
  }

  private static Region first(Node node) {
    return node.regions().getFirst();
  }

  /** The device that the number would be the address of, as it stands or with a zero less. */
  private static Optional<Node> meant(Board board, long number) {
    for (long address = number; address > Region.PAGE; address >>>= 4) {
      long tried = address;
      List<Node> there =
          board.devicesIn(new Region(tried, 1)).stream()
              .filter(node -> node.regions().stream().anyMatch(region -> region.base() == tried))
              .toList();
      if (!there.isEmpty()) {
        return Optional.of(there.getFirst());
      }
    }
    return Optional.empty();
  }

  /** Windows to the FPGA: what is in them depends on what it is configured with. */
  static boolean isFabric(Board board, Region region) {
    return board.facts().regions("fabric.lwh2f").stream()
            .anyMatch(window -> window.contains(region))
        || board.facts().regions("fabric.h2f").stream().anyMatch(window -> window.contains(region));
  }
}
