package ristretto.tools.check.rule;

import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootModule;
import ristretto.tools.script.BootScript;

/** A module with the size of another file, or with ${filesize} read as a decimal number. */
final class ModuleSize implements Rule {
  @Override
  public String id() {
    return "module-size";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (BootScript script : subject.scripts()) {
      script.modules().forEach(module -> check(module, findings));
    }
  }

  private void check(BootModule module, Findings findings) {
    if (module.bareSize()) {
      findings.add(
          this,
          module.position(),
          "U-Boot's filesize is hexadecimal without 0x, and fdt set reads such a number as decimal",
          "write 0x${filesize}");
    }
    module
        .sizeOf()
        .filter(load -> load.address() != module.address())
        .ifPresent(load ->
            findings.add(
                this,
                module.position(),
                "filesize is here that of "
                    + load.file()
                    + ", which was loaded last, to 0x"
                    + Long.toHexString(load.address()),
                "write this line after the file of " + module.node() + " is loaded"));
  }
}
