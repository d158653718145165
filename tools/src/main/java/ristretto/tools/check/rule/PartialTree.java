package ristretto.tools.check.rule;

import java.util.List;
import java.util.Optional;
import ristretto.tools.board.DeviceTree;
import ristretto.tools.board.Node;
import ristretto.tools.board.Property;
import ristretto.tools.board.Region;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.IomemRange;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/** A partial device tree that the DomU's kernel cannot use as it is. */
final class PartialTree implements Rule {
  @Override
  public String id() {
    return "partial-tree";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      if (config.partial().isPresent()) {
        checkShape(config.partial().get(), findings);
        checkGranted(config, config.partial().get(), findings);
      }
    }
    subject.trees().stream()
        .filter(tree -> tree.find("/passthrough").isPresent())
        .forEach(tree -> checkShape(tree, findings));
  }

  private void checkShape(DeviceTree tree, Findings findings) {
    Optional<Node> found = tree.find("/passthrough");
    if (found.isEmpty()) {
      findings.add(
          this,
          tree.root().position(),
          "there is no node /passthrough: xl copies nothing else",
          "write / { passthrough { compatible = \"simple-bus\"; ... }; };");
      return;
    }
    Node passthrough = found.get();
    if (!passthrough.isCompatible("simple-bus") || !passthrough.has("ranges")) {
      findings.add(
          this,
          passthrough.position(),
          "the DomU's kernel looks for devices in a bus only: compatible and ranges are missing",
          "write compatible = \"simple-bus\"; ranges;");
    }
    Property parent = passthrough.property("interrupt-parent");
    boolean interrupts =
        passthrough
            .all()
            .anyMatch(node -> node.has("interrupts") && tree.interrupts(node).isEmpty());
    if (interrupts
        || parent == null && passthrough.all().anyMatch(node -> leadsNowhere(tree, node))) {
      findings.add(
          this,
          parent == null ? passthrough.position() : parent.position(),
          "the interrupts do not lead to the DomU's controller, whose phandle is 65000",
          "write interrupt-parent = <65000>;");
    }
  }

  private static boolean leadsNowhere(DeviceTree tree, Node node) {
    if (!node.has("interrupts")) {
      return false;
    }
    for (Node at = node; at != null; at = at.parent()) {
      if (at.has("interrupt-parent")) {
        return false;
      }
    }
    return !tree.interrupts(node).isEmpty();
  }

  private void checkGranted(DomuConfig config, DeviceTree tree, Findings findings) {
    tree.nodes()
        .filter(node -> node.has("compatible"))
        .forEach(node -> {
          for (Region region : node.regions()) {
            if (!isGranted(config.iomem(), region)) {
              findings.add(
                  this,
                  node.position(),
                  node.name() + " has registers at " + region + ", and iomem does not map them",
                  "add to iomem: \"" + IomemRange.write(region) + "\"");
            }
          }
        });
  }

  private static boolean isGranted(List<IomemRange> ranges, Region region) {
    Region pages = region.pages();
    long at = pages.base();
    for (int i = 0;
        i < ranges.size();
        i++) { // each step ends one range, in whatever order they are
      for (IomemRange range : ranges) {
        at = range.guest().contains(at) ? range.guest().end() : at;
      }
    }
    return Long.compareUnsigned(at, pages.end()) >= 0;
  }
}
