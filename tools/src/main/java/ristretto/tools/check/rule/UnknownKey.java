package ristretto.tools.check.rule;

import java.util.Set;
import java.util.stream.Collectors;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Nearest;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.host.Resources;
import ristretto.tools.xl.XlConfig;

/** A key that xl.cfg(5) does not have: xl ignores it without a word. */
final class UnknownKey implements Rule {
  private final Set<String> known =
      Resources.text("xl/keys")
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());

  @Override
  public String id() {
    return "unknown-key";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    subject.configs().stream()
        .flatMap(config -> config.xl().settings().stream())
        .filter(setting -> !known.contains(setting.key()))
        .forEach(setting -> report(setting, findings));
  }

  private void report(XlConfig.Setting setting, Findings findings) {
    findings.add(
        this,
        setting.position(),
        "xl has no key '" + setting.key() + "' and ignores this line without a word",
        Nearest.hint(setting.key(), known));
  }
}
