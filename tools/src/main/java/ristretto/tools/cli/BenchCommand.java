package ristretto.tools.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import ristretto.tools.bench.Bench;
import ristretto.tools.bench.Comparison;
import ristretto.tools.bench.Verdict;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;
import ristretto.tools.image.HypervisorBuild;
import ristretto.tools.image.SuiteImages;

/** Measures our hypervisor beside Debian's Xen. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Count the instructions of traps, of booting and of xl, beside Debian's Xen on the same QEMU.",
    footer = {
      "",
      "Counts of traps repeat exactly: one tick of the guest's counter is one executed instruction, of all",
      "CPUs and of guest and hypervisor together. \"At most\" is the project's own bar.",
      "Memory: the machine's RAM less Dom0's, less the free pages that sysctl's physinfo tells the",
      "guest, under both hypervisors.",
      "DomU rows and xl: Linux and the suite's tools in Dom0, one CPU; a plugin of QEMU counts, and",
      "tells what is executed at EL2. This takes minutes; --only leaves it out. Linux's own part",
      "differs by up to a hundredth between runs: the bars of xl's rows allow for that.",
      "Exit status: 0; with --check 1 when a bar is missed or a figure is lacking.",
      "Example: ./ristretto bench --gic 3 --only hypercall"
    })
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--suite",
      paramLabel = "SUITE",
      defaultValue = "trixie",
      description = "Whose Xen to compare with: trixie (4.20, default) or bookworm (4.17).")
  private String suite = "trixie";

  @Option(
      names = "--cpu",
      paramLabel = "MODEL",
      defaultValue = "cortex-a72",
      description =
          "CPU model of QEMU. Default: cortex-a72; cortex-a76 adds the branch-history loop.")
  private String cpu = "cortex-a72";

  @Option(
      names = "--gic",
      paramLabel = "2|3",
      split = ",",
      defaultValue = "3,2",
      description = "GIC versions. Default: 3,2.")
  private List<Integer> gics = List.of(3, 2);

  @Option(
      names = "--only",
      paramLabel = "ROW",
      description = "Only rows whose name has this in it, for instance 'timer'. Repeatable.")
  private List<String> only = List.of();

  @Option(names = "--check", description = "Exit with 1 when a bar is missed or a figure lacking.")
  private boolean check;

  @Option(names = "--json", description = "Print JSON: counts in instructions, sizes in bytes.")
  private boolean json;

  @Option(
      names = "--hypervisor",
      paramLabel = "FILE",
      description = "Another arm64 Image to measure. Default: out/xen, built if sources changed.")
  private @Nullable Path otherHypervisor;

  @ParentCommand private @Nullable Main main;

  @Override
  public Integer call() {
    if (!gics.stream().allMatch(gic -> gic == 2 || gic == 3)) {
      throw new ToolException("--gic " + gics + " is neither 2 nor 3");
    }
    Progress progress = Progress.onStandardError();
    Preparation.installMissing(progress, main != null && main.installsWithoutAsking());
    Path hypervisor = hypervisor(progress);
    SuiteImages images = new SuiteImages(Cache.ofUser(), progress);
    SuiteImages.Assembled files = images.assemble(Suite.of(suite));
    Bench bench =
        new Bench(progress, Project.current(), hypervisor, files, images.disk(files), cpu, only);
    List<Comparison> comparisons = new ArrayList<>();
    for (int gic : gics) {
      Comparison comparison = bench.compare(gic);
      comparisons.add(comparison);
      if (!json) {
        System.out.println(comparison.table());
      }
    }
    if (json) {
      System.out.println(
          comparisons.stream().map(Comparison::json).collect(Collectors.joining(",\n", "[", "]")));
    }
    int missed = count(comparisons, Verdict.MISSED);
    int notMeasured = count(comparisons, Verdict.NOT_MEASURED);
    int met = count(comparisons, Verdict.MET);
    System.err.println(
        "bars: " + met + " met, " + missed + " missed, " + notMeasured + " not measured");
    return check && missed + notMeasured > 0 ? 1 : 0;
  }

  private static int count(List<Comparison> comparisons, Verdict verdict) {
    return comparisons.stream().mapToInt(comparison -> comparison.count(verdict)).sum();
  }

  private Path hypervisor(Progress progress) {
    Path image = otherHypervisor;
    if (image == null) {
      return new HypervisorBuild(Project.current(), progress).run();
    }
    if (!Files.isReadable(image)) {
      throw new ToolException(
          "there is no hypervisor at " + image, "leave out --hypervisor for ours");
    }
    return image;
  }
}
