package ristretto.tools.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import ristretto.tools.bench.Bench;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Progress;
import ristretto.tools.host.ToolException;
import ristretto.tools.image.SuiteImages;

/** Measures our hypervisor beside Debian's Xen. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Count the instructions of traps and of booting, beside Debian's Xen on the same QEMU.",
    footer = {
      "",
      "Counts repeat exactly: one tick of the guest's counter is one executed instruction.",
      "Exit status 1 when a figure is above its bar.",
      "Example: ./ristretto bench --gic 3 --cpu cortex-a76"
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
      names = "--hypervisor",
      paramLabel = "FILE",
      defaultValue = "out/xen",
      description = "Another arm64 Image to measure. Default: out/xen.")
  private Path hypervisor = Path.of("out/xen");

  @Override
  public Integer call() {
    if (!Files.isReadable(hypervisor)) {
      throw new ToolException("there is no hypervisor at " + hypervisor, "./ristretto build");
    }
    Progress progress = Progress.onStandardError();
    Path xen = new SuiteImages(Cache.ofUser(), progress).assemble(Suite.of(suite)).debianXen();
    Bench bench = new Bench(progress, hypervisor, xen, cpu);
    int above = 0;
    for (int gic : gics) {
      above += bench.compare(gic);
    }
    return above == 0 ? 0 : 1;
  }
}
