package ristretto.tools.check.rule;

import java.util.Optional;
import ristretto.tools.board.Board;
import ristretto.tools.board.Node;
import ristretto.tools.board.Region;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.IomemRange;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.source.Position;

/** A range of iomem that is larger or smaller than the registers it begins with. */
final class IomemCount implements Rule {
  @Override
  public String id() {
    return "iomem-count";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      for (IomemRange range : config.iomem()) {
        block(subject.board(), range).ifPresent(block -> check(range, block, findings));
      }
    }
  }

  /** The largest register block that begins in the first page of the range. */
  static Optional<Region> block(Board board, IomemRange range) {
    Region page = range.firstPage();
    return board.devicesIn(page).stream()
        .map(Node::regions)
        .flatMap(regions -> regions.stream())
        .filter(region -> page.contains(region.base()))
        .max((one, other) -> Long.compareUnsigned(one.pageCount(), other.pageCount()));
  }

  private void check(IomemRange range, Region block, Findings findings) {
    long needed = block.pageCount();
    if (range.pages() == needed) {
      return;
    }
    Position position = range.text().at(range.text().text().indexOf(',') + 1);
    String covers =
        "'"
            + range.count()
            + "' is hexadecimal and means "
            + range.pages()
            + " pages; the registers "
            + block
            + " have "
            + needed;
    boolean decimal = range.count().equals(Long.toString(needed));
    String more =
        range.pages() > needed
            ? ": the DomU gets what lies after them, too"
            : ": it faults behind the end";
    findings.add(
        this,
        position,
        covers + (decimal ? ". It looks like a decimal number" : more),
        "write \"" + IomemRange.write(block) + "\"");
  }
}
