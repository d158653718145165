package ristretto.tools.check.rule;

import java.util.Set;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/** An interrupt written as the device tree does, by its number among the SPIs. */
final class SpiNumber implements Rule {
  static final int FIRST_SHARED = 32;

  @Override
  public String id() {
    return "spi-number";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      Set<Integer> possible = Devices.possible(subject.board(), config);
      for (DomuConfig.Irq irq : config.irqs()) {
        if (isNumberOfSpi(config, possible, irq)) {
          findings.add(
              this,
              irq.position(),
              irq.id()
                  + " is the number that the device tree has, among the SPIs; xl wants the"
                  + " interrupt controller's, which is 32 more",
              "write " + (irq.id() + FIRST_SHARED));
        }
      }
    }
  }

  /** Its device's interrupt is 32 further on, and nobody has asked for that one. */
  static boolean isNumberOfSpi(DomuConfig config, Set<Integer> possible, DomuConfig.Irq irq) {
    return !possible.contains(irq.id())
        && possible.contains(irq.id() + FIRST_SHARED)
        && !Devices.asksFor(config, irq.id() + FIRST_SHARED);
  }
}
