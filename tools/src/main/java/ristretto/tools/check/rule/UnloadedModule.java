package ristretto.tools.check.rule;

import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootModule;
import ristretto.tools.script.BootScript;

/**
 * A module that is declared and not loaded: the hypervisor takes what happens to be in that RAM.
 */
final class UnloadedModule implements Rule {
  @Override
  public String id() {
    return "unloaded-module";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (BootScript script : subject.scripts()) {
      for (BootModule module : script.modules()) {
        boolean loaded =
            script.loads().stream().anyMatch(load -> load.address() == module.address());
        if (!loaded) {
          findings.add(this, module.position(), problem(module), fix(module));
        }
      }
    }
  }

  private static String problem(BootModule module) {
    String size = module.size().isPresent() ? Sizes.text(module.size().getAsLong()) : "memory";
    return module.node()
        + " declares "
        + size
        + " at 0x"
        + Long.toHexString(module.address())
        + ", and nothing is loaded there: Dom0 gets whatever that RAM happens to hold";
  }

  private static String fix(BootModule module) {
    return "load a file there and write its size as 0x${filesize}, or remove " + module.node();
  }
}
