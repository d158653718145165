package ristretto.tools.check.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ristretto.tools.board.Board;
import ristretto.tools.board.Node;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootScript;
import ristretto.tools.script.TreeEdit;
import ristretto.tools.script.Word;

/** The device that Dom0 has its root on is given away: Dom0 cannot start. */
final class RootDevice implements Rule {
  private static final String USUALLY = ", as the board is set up usually";
  private static final String FIX = "keep it for Dom0, or give Dom0 a root elsewhere (root=)";

  @Override
  public String id() {
    return "root-device";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    Board board = subject.board();
    List<Node> roots = new ArrayList<>();
    for (BootScript script : subject.scripts()) {
      Optional<String> root = root(script);
      Optional<Node> device = board.rootDevice(root.orElse(""));
      device.ifPresent(roots::add);
      for (TreeEdit edit : script.edits()) {
        if (edit.name().equals("xen,passthrough")
            && device.isPresent()
            && board.device(edit.path()).equals(device)) {
          findings.add(
              this,
              edit.position(),
              device.get().path()
                  + " has Dom0's root on it"
                  + root.map(disk -> ": root=" + disk).orElse(USUALLY),
              FIX);
        }
      }
    }
    if (subject.scripts().isEmpty()) {
      board.rootDevice("").ifPresent(roots::add);
    }
    for (DomuConfig config : subject.configs()) {
      for (Node device : config.devices()) {
        if (roots.contains(device)) {
          findings.add(
              this,
              config.place("dtdev", "iomem", "device_tree"),
              device.path()
                  + " has Dom0's root on it"
                  + (subject.scripts().isEmpty() ? USUALLY : ""),
              FIX);
        }
      }
    }
  }

  private static Optional<String> root(BootScript script) {
    return Stream.of("xen,dom0-bootargs", "bootargs")
        .flatMap(property -> script.chosen(property).stream())
        .map(Word.Part::text)
        .filter(text -> text.startsWith("root="))
        .map(text -> text.substring("root=".length()))
        .findFirst();
  }
}
