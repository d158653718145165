package ristretto.tools.check.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootScript;
import ristretto.tools.script.Word;
import ristretto.tools.xl.XlValue;

/**
 * vCPUs that may move between CPUs of different models: what a guest has found out about its CPU,
 * errata included, is then wrong. Xen, docs/misc/arm/big.LITTLE.txt.
 */
final class CoreTypes implements Rule {
  @Override
  public String id() {
    return "core-types";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    List<String> cpus = subject.board().cpus();
    if (new HashSet<>(cpus).size() < 2 || onlyBootType(subject)) {
      return;
    }
    for (DomuConfig config : subject.configs()) {
      Set<String> models =
          allowed(config, cpus.size()).stream().map(cpus::get).collect(Collectors.toSet());
      if (models.size() > 1) {
        findings.add(
            this,
            config.place("cpus", "vcpus", "name"),
            "its vCPUs may run on every one of "
                + String.join(" and ", new TreeSet<>(models))
                + ", and change from one to the other",
            "write cpus = \""
                + first(cpus)
                + "\" or \""
                + last(cpus)
                + "\", CPUs of one model as xl info -n counts them");
      }
    }
    subject.scripts().forEach(script -> checkDom0(script, findings));
  }

  private void checkDom0(BootScript script, Findings findings) {
    List<Word.Part> options = script.chosen("xen,xen-bootargs");
    boolean pinned =
        options.stream().anyMatch(option -> option.text().matches("dom0_vcpus_pin(=.*)?"));
    boolean unknown = options.stream().anyMatch(Word.Part::isUnknown);
    options.stream()
        .filter(option -> option.text().startsWith("hmp-unsafe"))
        .filter(option -> !pinned && !unknown)
        .findFirst()
        .ifPresent(option ->
            findings.add(
                this,
                option.position(),
                "with CPUs of every model in use Dom0's vCPUs change between them",
                "add dom0_vcpus_pin"));
  }

  /** Without hmp-unsafe a vCPU keeps to one model: Xen uses no other than that it starts on. */
  private static boolean onlyBootType(Subject subject) {
    return !subject.scripts().isEmpty()
        && subject.scripts().stream()
            .flatMap(script -> script.chosen("xen,xen-bootargs").stream())
            .noneMatch(option -> option.text().startsWith("hmp-unsafe") || option.isUnknown());
  }

  private static Set<Integer> allowed(DomuConfig config, int cpus) {
    List<XlValue> lists = config.xl().list("cpus");
    if (lists.isEmpty()) {
      return IntStream.range(0, cpus).boxed().collect(Collectors.toSet());
    }
    Set<Integer> allowed = new HashSet<>();
    boolean each = config.xl().setting("cpus").orElseThrow().value() instanceof XlValue.Items;
    for (XlValue list : lists) {
      Set<Integer> ofThis = DomuConfig.cpuList(list, cpus);
      if (each && config.xl().number("vcpus").orElse(1) <= lists.size()) {
        // One item a vCPU: each one has to stay on one model; different ones may differ.
        if (ofThis.size() > 1) {
          return ofThis;
        }
        allowed = ofThis;
      } else {
        allowed.addAll(ofThis);
      }
    }
    return allowed;
  }

  private static String first(List<String> cpus) {
    int end = 0;
    while (end + 1 < cpus.size() && cpus.get(end + 1).equals(cpus.getFirst())) {
      end++;
    }
    return end == 0 ? "0" : "0-" + end;
  }

  private static String last(List<String> cpus) {
    int start = cpus.size() - 1;
    while (start > 0 && cpus.get(start - 1).equals(cpus.getLast())) {
      start--;
    }
    return start == cpus.size() - 1 ? Integer.toString(start) : start + "-" + (cpus.size() - 1);
  }
}
