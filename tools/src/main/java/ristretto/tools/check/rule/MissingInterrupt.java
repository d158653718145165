package ristretto.tools.check.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ristretto.tools.board.Interrupt;
import ristretto.tools.board.Node;
import ristretto.tools.board.Property;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;

/** A device whose interrupts are not all in irqs: its driver waits for the others for ever. */
final class MissingInterrupt implements Rule {
  @Override
  public String id() {
    return "missing-interrupt";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    for (DomuConfig config : subject.configs()) {
      Set<Integer> possible = Devices.possible(subject.board(), config);
      for (Node device : config.devices()) {
        List<String> missing = missing(config, possible, device);
        if (!missing.isEmpty()) {
          findings.add(
              this,
              config.place("irqs", "iomem", "dtdev", "device_tree"),
              device.path()
                  + " also has interrupt "
                  + String.join(", ", missing)
                  + ", which the DomU does not get",
              "add to irqs: "
                  + missing.stream()
                      .map(text -> text.replaceFirst(" .*", ""))
                      .collect(Collectors.joining(", ")));
        }
      }
    }
  }

  private static List<String> missing(DomuConfig config, Set<Integer> possible, Node device) {
    List<String> missing = new ArrayList<>();
    List<Interrupt> wanted = config.wanted(device);
    Property names = device.property("interrupt-names");
    List<String> called = names == null ? List.of() : names.strings();
    for (int i = 0; i < wanted.size(); i++) {
      int id = wanted.get(i).id();
      boolean mistaken =
          config.irqs().stream()
              .anyMatch(irq ->
                  irq.id() + SpiNumber.FIRST_SHARED == id
                      && SpiNumber.isNumberOfSpi(config, possible, irq));
      if (wanted.get(i).isShared() && !Devices.asksFor(config, id) && !mistaken) {
        missing.add(wanted.get(i) + (i < called.size() ? " " + called.get(i) : ""));
      }
    }
    return missing;
  }
}
