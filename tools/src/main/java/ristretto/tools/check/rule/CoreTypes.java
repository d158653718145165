package ristretto.tools.check.rule;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ristretto.tools.board.CpuRun;
import ristretto.tools.check.DomuConfig;
import ristretto.tools.check.Findings;
import ristretto.tools.check.Rule;
import ristretto.tools.check.Subject;
import ristretto.tools.script.BootOptions;
import ristretto.tools.script.BootScript;

/**
 * vCPUs that may move between CPUs of different models: what a guest has found out about its CPU,
 * errata included, is then wrong. Xen, docs/misc/arm/big.LITTLE.txt.
 */
final class CoreTypes implements Rule {
  private static final String ALL_MODELS = "hmp-unsafe";

  @Override
  public String id() {
    return "core-types";
  }

  @Override
  public void check(Subject subject, Findings findings) {
    List<String> cpus = subject.board().cpus();
    List<CpuRun> runs = subject.board().cpuRuns();
    if (runs.size() < 2 || onlyBootType(subject)) {
      return;
    }
    for (DomuConfig config : subject.configs()) {
      config.affinities(cpus.size()).stream()
          .map(allowed -> allowed.stream().map(cpus::get).collect(Collectors.toSet()))
          .filter(models -> models.size() > 1)
          .findFirst()
          .ifPresent(models ->
              findings.add(
                  this,
                  config.place("cpus", "vcpus", "name"),
                  "its vCPUs may run on every one of "
                      + String.join(" and ", new TreeSet<>(models))
                      + ", and change from one to the other",
                  "write cpus = \""
                      + runs.getFirst()
                      + "\" or \""
                      + runs.getLast()
                      + "\", CPUs of one model as xl info -n counts them"));
    }
    subject.scripts().forEach(script -> checkDom0(script, findings));
  }

  private void checkDom0(BootScript script, Findings findings) {
    BootOptions options = BootOptions.of(script);
    if (options.areUnknown() || options.enabled("dom0_vcpus_pin").isPresent()) {
      return;
    }
    options
        .enabled(ALL_MODELS)
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
            .map(BootOptions::of)
            .noneMatch(options -> options.areUnknown() || options.enabled(ALL_MODELS).isPresent());
  }
}
