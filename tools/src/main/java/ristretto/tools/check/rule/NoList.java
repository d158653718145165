package ristretto.tools.check.rule;

import java.util.List;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.xl.XlConfig;
import ristretto.tools.xl.XlValue;

/** One value where xl takes lists alone: it warns, and the DomU starts without. */
final class NoList implements Rule {
  private static final List<String> LISTS = List.of("iomem", "irqs", "dtdev", "disk", "vif");

  @Override
  public String id() {
    return "no-list";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      for (String key : LISTS) {
        config.xl().setting(key).ifPresent(setting -> check(setting, findings));
      }
    }
  }

  private void check(XlConfig.Setting setting, Findings findings) {
    String value =
        switch (setting.value()) {
          case XlValue.Items _ -> "";
          case XlValue.Text text -> '"' + text.text() + '"';
          case XlValue.Whole number -> number.written();
        };
    if (!value.isEmpty()) {
      findings.add(
          this,
          setting.value().position(),
          "xl takes " + setting.key() + " as a list alone, and does not use this",
          "write " + setting.key() + " = [ " + value + " ]");
    }
  }
}
