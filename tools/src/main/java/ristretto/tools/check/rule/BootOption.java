package ristretto.tools.check.rule;

import java.util.List;
import java.util.Set;
import ristretto.core.boot.CommandLine;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Nearest;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootScript;
import ristretto.tools.script.TreeEdit;
import ristretto.tools.script.Word;

/** A boot option, or a property of /chosen, that the hypervisor does not know and ignores. */
final class BootOption implements Rule {
  private static final Set<String> PROPERTIES = Set.of("xen,xen-bootargs", "xen,dom0-bootargs");

  @Override
  public String id() {
    return "boot-option";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    List<String> known = List.of(CommandLine.names());
    for (BootScript script : subject.scripts()) {
      for (Word.Part option : script.chosen("xen,xen-bootargs")) {
        String name = option.text().replaceFirst("=.*", "");
        boolean positive = name.startsWith("no-") && known.contains(name.substring(3));
        if (!option.isUnknown() && !positive && !known.contains(name)) {
          findings.add(
              this,
              option.position(),
              "the hypervisor has no option '" + name + "' and ignores it",
              Nearest.hint(name, known));
        }
      }
      script.edits().forEach(edit -> checkProperty(edit, findings));
    }
  }

  private void checkProperty(TreeEdit edit, Findings findings) {
    boolean ours = edit.action().equals("set") && edit.path().equals("/chosen");
    if (ours && edit.name().startsWith("xen,") && !PROPERTIES.contains(edit.name())) {
      findings.add(
          this,
          edit.position(),
          "the hypervisor does not look at the property '" + edit.name() + "' of /chosen",
          Nearest.hint(edit.name(), PROPERTIES));
    }
  }
}
