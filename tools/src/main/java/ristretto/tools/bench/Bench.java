package ristretto.tools.bench;

import java.nio.file.Path;
import ristretto.tools.host.Command;
import ristretto.tools.host.Progress;

/** The comparison: the same guest, QEMU and options under both hypervisors. */
public final class Bench {
  /** Dom0's memory where booting is measured, as in the tables of DESIGN section 8. */
  private static final int DOM0_MEBIBYTES = 1024;

  private static final double BOOT_SHARE = 0.1;

  private final Progress progress;
  private final Path ours;
  private final Path xen;
  private final String cpu;

  public Bench(Progress progress, Path ours, Path xen, String cpu) {
    this.progress = progress;
    this.ours = ours;
    this.xen = xen;
    this.cpu = cpu;
  }

  /**
   * Measures with one GIC version, prints the table, and returns how many figures are above their
   * bar.
   */
  public int compare(int gic) {
    Path guest = guest();
    Pair one = pair(guest, gic, 1);
    Pair two = pair(guest, gic, 2);
    BenchTable table = new BenchTable(cpu + ", GICv" + gic);
    for (Row row : Row.values()) {
      Pair pair = row.needsTwoCpus() ? two : one;
      table.add(row, pair.ours().of(row), pair.xen().of(row));
    }
    table.addShare(
        "reset to Dom0's kernel, dom0_mem=" + DOM0_MEBIBYTES + "M",
        one.ours().toKernel(),
        one.xen().toKernel(),
        BOOT_SHARE);
    System.out.println(table);
    return table.above();
  }

  private record Pair(Measurement ours, Measurement xen) {}

  private Pair pair(Path guest, int gic, int cpus) {
    return new Pair(
        measure("Ristretto", ours, guest, gic, cpus), measure("Xen", xen, guest, gic, cpus));
  }

  private Measurement measure(String name, Path hypervisor, Path guest, int gic, int cpus) {
    return progress.compute(
        "measuring " + name + ", GICv" + gic + ", " + cpus + (cpus == 1 ? " CPU" : " CPUs"),
        () -> new BenchRun(hypervisor, guest, cpu, gic, cpus, DOM0_MEBIBYTES).measure());
  }

  /** Builds the guest with the compiler's own clang; a few hundred milliseconds. */
  private Path guest() {
    Path home = Path.of(System.getProperty("ristretto.home", "."));
    Path image = home.resolve("out/bench.img");
    Command.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("ristretto.compiler", "compiler/target/classes"),
            "ristretto.compiler.GuestMain",
            home.resolve("bench/guest").toString(),
            image.toString())
        .run();
    return image;
  }
}
