package ristretto.tools.check.rule;

import java.util.List;
import ristretto.core.domain.FirmwareGroups;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Nearest;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.source.Position;
import ristretto.tools.xl.XlValue;

/** A group of the firmware's services that no DomU can have: xl create fails. docs/adr/0014. */
final class FirmwareGroup implements Rule {
  private static final String KEY = "seclabel";
  private static final String PREFIX = "smc:";
  private static final List<String> GROUPS = List.of(FirmwareGroups.grantable());

  @Override
  public String id() {
    return "firmware-group";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    subject.configs().stream()
        .flatMap(config -> config.xl().settings().stream())
        .filter(setting -> setting.key().equals(KEY))
        .forEach(setting -> {
          if (setting.value() instanceof XlValue.Text(String label, Position position)) {
            check(label, position.plus(1), findings);
          }
        });
  }

  private void check(String label, Position position, Findings findings) {
    if (!label.startsWith(PREFIX)) {
      return;
    }
    int at = PREFIX.length();
    for (String group : label.substring(at).split(",", -1)) {
      if (group.equals("fpga-mgr")) {
        findings.add(
            this,
            position.plus(at),
            "configuring the FPGA is Dom0's alone: xl create refuses this label",
            "leave fpga-mgr out, and configure the FPGA in Dom0");
      } else if (!GROUPS.contains(group)) {
        findings.add(
            this,
            position.plus(at),
            "the firmware's services have no group '" + group + "': xl create refuses this label",
            Nearest.hint(group, GROUPS));
      }
      at += group.length() + 1;
    }
  }
}
