package ristretto.tools.cli;

import java.util.Locale;
import picocli.CommandLine.Option;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.ToolException;
import ristretto.tools.qemu.VirtualMachine;

/** The options that choose a machine and what runs on it. */
final class MachineOptions {
  @Option(
      names = "--suite",
      paramLabel = "SUITE",
      defaultValue = "trixie",
      description = "Debian suite of Dom0: trixie (Linux 6.12, default) or bookworm (6.1).")
  private String suite = "trixie";

  @Option(
      names = "--cpu",
      paramLabel = "MODEL",
      defaultValue = "cortex-a76",
      description = "CPU model of QEMU. Default: cortex-a76.")
  private String cpu = "cortex-a76";

  @Option(names = "--smp", paramLabel = "N", defaultValue = "4", description = "CPUs. Default: 4.")
  private int smp = 4;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "4G",
      description = "RAM, for instance 1024M or 4G. Default: 4G.")
  private String memory = "4G";

  @Option(
      names = "--gic",
      paramLabel = "2|3",
      defaultValue = "3",
      description = "GIC version. Default: 3.")
  private int gic = 3;

  Suite suite() {
    return Suite.of(suite);
  }

  VirtualMachine machine() {
    return new VirtualMachine(cpu, smp, mebibytes(memory), gic);
  }

  /** Reads a size as QEMU writes it: a number of MiB, or a number with M or G. */
  static int mebibytes(String size) {
    String upper = size.toUpperCase(Locale.ROOT);
    if (!upper.matches("\\d{1,6}[MG]?")) {
      throw new ToolException("'" + size + "' is not a size", "write for instance 1024M or 4G");
    }
    int number = Integer.parseInt(upper.replaceAll("[MG]", ""));
    return upper.endsWith("G") ? number * 1024 : number;
  }
}
