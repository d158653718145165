package ristretto.tools.check.rule;

import java.util.List;
import ristretto.tools.check.Finding;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/** All rules. */
public final class Rules {
  private Rules() {}

  /** Each of them once, in the order of docs/check.md. */
  public static List<Rule> all() {
    return List.of(
        new UnknownKey(),
        new NoList(),
        new IomemPage(),
        new IomemCount(),
        new SharedPage(),
        new ControlRegisters(),
        new SpiNumber(),
        new MissingInterrupt(),
        new ForeignInterrupt(),
        new MissingDtdev(),
        new UnknownPath(),
        new RootDevice(),
        new CoreTypes(),
        new GuestLayout(),
        new NotWithheld(),
        new BootOption(),
        new UnloadedModule(),
        new ModuleSize(),
        new LoadOverlap(),
        new PartialTree(),
        new PrivateInterrupt(),
        new FirmwareGroup());
  }

  /** What all of them find. */
  public static List<Finding> check(Subject subject) {
    Findings findings = new Findings();
    all().forEach(rule -> rule.check(subject, findings));
    return findings.sorted();
  }
}
