package ristretto.tools.check.rule;

import java.util.Optional;
import ristretto.tools.board.Node;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/** A device that does DMA, without the SMMU being told which domain it belongs to. */
final class MissingDtdev implements Rule {
  @Override
  public String id() {
    return "missing-dtdev";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      for (Node device : config.devices()) {
        boolean named =
            config.xl().texts("dtdev").stream()
                .anyMatch(path -> subject.board().device(path.text()).equals(Optional.of(device)));
        if (device.has("iommus") && !named) {
          findings.add(
              this,
              config.place("iomem", "device_tree", "irqs"),
              device.path()
                  + " reads and writes memory by itself, and dtdev does not name it: the"
                  + " SMMU refuses what it does for this DomU",
              "add: dtdev = [ \"" + device.path() + "\" ]");
        }
      }
    }
  }
}
