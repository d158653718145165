package ristretto.tools.qemu;

import java.util.List;
import ristretto.tools.host.ToolException;

/**
 * A QEMU machine to run on.
 *
 * @param cpu a CPU model of QEMU, for instance cortex-a76
 * @param smp CPUs, 1 to 8
 * @param memoryMib RAM in MiB
 * @param gic version of the interrupt controller, 2 or 3
 */
public record VirtualMachine(String cpu, int smp, int memoryMib, int gic) {
  /** What `run` starts unless told otherwise. */
  public static final VirtualMachine USUAL = new VirtualMachine("cortex-a76", 4, 4096, 3);

  private static final int SMALLEST_MIB = 768;
  private static final int MOST_CPUS = 8;

  public VirtualMachine {
    if (!cpu.matches("[\\w.,=+-]+")) {
      throw new ToolException("no CPU model '" + cpu + "'", "qemu-system-aarch64 -cpu help");
    }
    if (smp < 1 || smp > MOST_CPUS) {
      throw new ToolException("--smp " + smp + " is not 1 to " + MOST_CPUS);
    }
    if (gic != 2 && gic != 3) {
      throw new ToolException("--gic " + gic + " is neither 2 nor 3");
    }
    if (memoryMib < SMALLEST_MIB) {
      throw new ToolException(
          "--memory "
              + memoryMib
              + "M is too little: kernel, root and hypervisor need "
              + SMALLEST_MIB
              + "M");
    }
  }

  /**
   * A reasonable share for Dom0: the 1024 MiB that the overview document recommends, or half of
   * what there is.
   */
  public int usualDom0Mib() {
    return Math.min(1024, memoryMib / 2);
  }

  /** The options of QEMU that describe it. */
  public List<String> arguments() {
    return List.of(
        "-machine",
        "virt,virtualization=on,gic-version=" + gic,
        "-cpu",
        cpu,
        "-smp",
        Integer.toString(smp),
        "-m",
        Integer.toString(memoryMib));
  }

  @Override
  public String toString() {
    return "virt, " + cpu + ", " + smp + " CPU, " + memoryMib + " MiB, GICv" + gic;
  }
}
