package ristretto.tools.check.rule;

import java.util.List;
import ristretto.tools.board.Node;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/** A device that the boot script leaves to Dom0: looked for where a script is given, too. */
final class NotWithheld implements Rule {
  @Override
  public String id() {
    return "not-withheld";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    boolean open =
        subject.scripts().stream()
            .flatMap(script -> script.edits().stream())
            .anyMatch(edit -> edit.path().contains("$"));
    if (subject.scripts().isEmpty() || open) {
      return;
    }
    List<Node> withheld = subject.withheld();
    for (DomuConfig config : subject.configs()) {
      for (Node device : config.devices()) {
        if (!withheld.contains(device)) {
          findings.add(
              this,
              config.place("dtdev", "iomem", "device_tree"),
              "no script keeps " + device.path() + " from Dom0, whose driver takes it",
              "add to the script: fdt set " + device.path() + " xen,passthrough");
        }
      }
    }
  }
}
