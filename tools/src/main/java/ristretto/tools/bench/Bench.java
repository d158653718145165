package ristretto.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import ristretto.compiler.link.ImageSize;
import ristretto.tools.bench.BenchRun.Scene;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.host.ToolException;
import ristretto.tools.image.CompilerProcess;
import ristretto.tools.image.SuiteImages;

/** The comparison: the same guest, QEMU and options under both hypervisors. */
public final class Bench {
  /** docs/bars.md: the way to Dom0's kernel takes at most this share of Xen's. */
  private static final double BOOT_SHARE = 0.1;

  /** docs/bars.md: text and data of the image, bytes. */
  private static final double IMAGE_BYTES = 256 * 1024;

  /** docs/bars.md: what the hypervisor keeps of each GiB of RAM, bytes. */
  private static final double KEPT_OF_A_GIBIBYTE = 2 << 20;

  private final Progress progress;
  private final Project project;
  private final Path ours;
  private final Path xen;
  private final SuiteImages.Assembled files;
  private final Path dom0Disk;
  private final String cpu;
  private final List<String> only;

  /**
   * Prepares a comparison.
   *
   * @param ours arm64 Image
   * @param files the suite whose Xen and toolstack it is
   * @param dom0Disk the suite's root
   * @param cpu a CPU model of QEMU
   * @param only parts of names or labels; none means all
   */
  public Bench(
      Progress progress,
      Project project,
      Path ours,
      SuiteImages.Assembled files,
      Path dom0Disk,
      String cpu,
      List<String> only) {
    this.progress = progress;
    this.project = project;
    this.ours = ours;
    this.xen = files.debianXen();
    this.files = files;
    this.dom0Disk = dom0Disk;
    this.cpu = cpu;
    this.only = List.copyOf(only);
  }

  /** Measures with one GIC version. */
  public Comparison compare(int gic) {
    Path guest = guest();
    Pair one = pair(guest, gic, 1);
    List<Figure> figures = new ArrayList<>();
    for (Row row : Row.values()) {
      if (!row.needsTwoCpus()) {
        figures.add(one.figure(row));
      } else if (isWanted(row.key(), row.label())) {
        figures.add(pair(guest, gic, 2).figure(row));
      }
    }
    figures.addAll(ofNullScheduler(guest, gic));
    figures.addAll(ofCrowd(guest, gic));
    figures.addAll(ofShares(guest, gic));
    figures.addAll(ofMachine(one));
    figures.addAll(ofImage());
    figures.addAll(ofToolstack(guest, gic));
    figures.removeIf(figure -> figure.isAbsent() || !isWanted(figure.name(), figure.label()));
    if (figures.isEmpty()) {
      throw new ToolException(
          "no row is called " + only + " with GICv" + gic, "./ristretto bench without --only");
    }
    String title = cpu + ", GICv" + gic + ", " + BenchRun.MEBIBYTES + " MiB, Dom0 has ";
    return new Comparison(title + BenchRun.DOM0_MEBIBYTES + " MiB", List.copyOf(figures));
  }

  private static List<Figure> ofMachine(Pair pair) {
    OptionalDouble xenToKernel = pair.xen().toKernel();
    return List.of(
        new Figure(
            "reset_to_kernel",
            "reset → Dom0 kernel's first instruction",
            Figure.Unit.MILLION_INSTRUCTIONS,
            pair.ours().toKernel(),
            xenToKernel,
            OptionalDouble.of(xenToKernel.orElseThrow() * BOOT_SHARE)),
        new Figure(
            "memory_kept",
            "memory neither Dom0's nor free",
            Figure.Unit.KIBIBYTES,
            pair.ours().kept(),
            pair.xen().kept(),
            OptionalDouble.of(KEPT_OF_A_GIBIBYTE * BenchRun.MEBIBYTES / 1024)));
  }

  private List<Figure> ofImage() {
    Path elf = ours.resolveSibling(ours.getFileName() + ".elf");
    OptionalDouble textAndData =
        Files.exists(elf)
            ? OptionalDouble.of((double) ImageSize.of(elf).program())
            : OptionalDouble.empty();
    return List.of(
        new Figure(
            "image_file",
            "image file, with the names for backtraces",
            Figure.Unit.KIBIBYTES,
            size(ours),
            size(xen),
            OptionalDouble.empty()),
        new Figure(
            "image_text_and_data",
            "image: text and data",
            Figure.Unit.KIBIBYTES,
            textAndData,
            OptionalDouble.empty(), // Debian's package has the file alone, without section headers
            OptionalDouble.of(IMAGE_BYTES)));
  }

  /** The rows that need Linux and xl in Dom0: minutes, so not for nothing. */
  private List<Figure> ofToolstack(Path guest, int gic) {
    if (ToolstackFigures.none().stream().noneMatch(f -> isWanted(f.name(), f.label()))) {
      return List.of();
    }
    Path plugin = plugin();
    return ToolstackFigures.of(
        measureToolstack("Ristretto", ours, guest, plugin, gic),
        measureToolstack("Xen", xen, guest, plugin, gic));
  }

  private Toolstack measureToolstack(
      String name, Path hypervisor, Path guest, Path plugin, int gic) {
    return progress.compute(
        "measuring xl and DomUs under " + name + ", GICv" + gic,
        () -> new ToolstackRun(hypervisor, files, dom0Disk, guest, plugin, cpu, gic).measure());
  }

  private boolean isWanted(String name, String label) {
    return only.isEmpty()
        || only.stream()
            .map(part -> part.toLowerCase(Locale.ROOT))
            .anyMatch(part -> name.contains(part) || label.toLowerCase(Locale.ROOT).contains(part));
  }

  private record Pair(Measurement ours, Measurement xen) {
    Figure figure(Row row) {
      return new Figure(
          row.key(),
          row.label(),
          Figure.Unit.INSTRUCTIONS,
          ours.of(row),
          xen.of(row),
          row.bar(xen.of(row)));
    }

    /** The same with other options, which the name and the label say, and its own bar. */
    Figure figure(Row row, String name, String options, OptionalDouble bar) {
      return new Figure(
          name + "_" + row.key(),
          row.label() + ", " + options,
          Figure.Unit.INSTRUCTIONS,
          ours.of(row),
          xen.of(row),
          bar);
    }
  }

  /**
   * Wake-ups with a CPU for each vCPU: at most half of what they may take with credit2. That holds
   * for the way from one CPU to the other where a vCPU that waits keeps its CPU.
   */
  private List<Figure> ofNullScheduler(Path guest, int gic) {
    Row wake = Row.WFI_WAKE_BY_TIMER;
    Row exchange = Row.SGI_PING_PONG_TWO_CPUS;
    List<Figure> figures = new ArrayList<>();
    if (isWanted("null", "sched=null")) {
      Pair trapped = pair(guest, gic, 2, "sched=null");
      figures.add(trapped.figure(wake, "null", "sched=null", half(wake)));
      figures.add(trapped.figure(exchange, "null", "sched=null", OptionalDouble.empty()));
      Pair keeping = pair(guest, gic, 2, "sched=null vwfi=native");
      figures.add(keeping.figure(wake, "null_native", "null, vwfi=native", half(wake)));
      figures.add(keeping.figure(exchange, "null_native", "null, vwfi=native", half(exchange)));
    }
    return figures;
  }

  /** With a GICv3 only: who is next does not depend on the interrupt controller. */
  private List<Figure> ofCrowd(Path guest, int gic) {
    if (gic != 3
        || Crowd.none().stream().noneMatch(figure -> isWanted(figure.name(), figure.label()))) {
      return List.of();
    }
    return Crowd.figures(
        crowd("Ristretto", ours, guest, Crowd.FEW),
        crowd("Ristretto", ours, guest, Crowd.MANY),
        crowd("Xen", xen, guest, Crowd.FEW),
        crowd("Xen", xen, guest, Crowd.MANY));
  }

  private Measurement crowd(String name, Path hypervisor, Path guest, int vcpus) {
    return progress.compute(
        "measuring " + name + ", " + vcpus + " vCPUs",
        () -> new BenchRun(hypervisor, guest, cpu, 3, 1, "", Scene.crowd(vcpus)).measure());
  }

  /** With a GICv3 only, as {@link #ofCrowd}. */
  private List<Figure> ofShares(Path guest, int gic) {
    List<Figure> figures = new ArrayList<>();
    for (Shares shares : Shares.values()) {
      Figure without = shares.figure(null, null);
      if (gic == 3 && isWanted(without.name(), without.label())) {
        figures.add(
            shares.figure(
                shares("Ristretto", ours, guest, shares), shares("Xen", xen, guest, shares)));
      }
    }
    return figures;
  }

  private Measurement shares(String name, Path hypervisor, Path guest, Shares shares) {
    Scene scene = Scene.shares(shares.list());
    return progress.compute(
        "measuring " + name + ", ten seconds of " + shares.list(),
        () -> new BenchRun(hypervisor, guest, cpu, 3, Shares.CPUS, "", scene).measure());
  }

  private static OptionalDouble half(Row row) {
    return OptionalDouble.of(row.bar(OptionalDouble.empty()).orElseThrow() / 2);
  }

  private Pair pair(Path guest, int gic, int cpus) {
    return pair(guest, gic, cpus, "");
  }

  private Pair pair(Path guest, int gic, int cpus, String options) {
    return new Pair(
        measure("Ristretto", ours, guest, gic, cpus, options),
        measure("Xen", xen, guest, gic, cpus, options));
  }

  private Measurement measure(
      String name, Path hypervisor, Path guest, int gic, int cpus, String options) {
    String machine = ", GICv" + gic + ", " + cpus + (cpus == 1 ? " CPU" : " CPUs");
    return progress.compute(
        "measuring " + name + machine + (options.isEmpty() ? "" : ", " + options),
        () -> new BenchRun(hypervisor, guest, cpu, gic, cpus, options, Scene.DOM0).measure());
  }

  /** Builds the guest with the compiler's own clang. */
  private Path guest() {
    return compiled(
        "the benchmark guest", "GuestMain", List.of("guest", "bench/guest"), "out/bench.img");
  }

  private Path plugin() {
    return compiled(
        "QEMU's plugin that counts",
        "PluginMain",
        List.of("bench/plugin/count.c"),
        "out/bench-count.so");
  }

  /**
   * Runs a program of the compiler with these files of the project, the last of them its result.
   */
  private Path compiled(String what, String program, List<String> sources, String result) {
    Path target = project.home().resolve(result);
    List<String> arguments =
        Stream.concat(sources.stream(), Stream.of(result))
            .map(name -> project.home().resolve(name).toString())
            .toList();
    progress.step(
        "compiling " + what,
        () -> {
          Files.createDirectories(target.resolveSibling("."));
          CompilerProcess.of("ristretto.compiler." + program, List.of(), arguments).run();
        });
    return target;
  }

  private static OptionalDouble size(Path file) {
    try {
      return OptionalDouble.of((double) Files.size(file));
    } catch (IOException e) {
      throw new ToolException("cannot read " + file, e);
    }
  }
}
