package ristretto.core.boot;

import org.jspecify.annotations.Nullable;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtProperty;
import ristretto.fdt.FdtValues;
import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/** The CPUs of the device tree. Linux, Documentation/devicetree/bindings/arm/cpus.yaml. */
final class CpuNodes {
  /** MPIDR_EL1: Aff3 in [39:32], Aff2 to Aff0 in [23:0]. */
  static final long AFFINITY = Bits.mask(39, 32) | Bits.mask(23, 0);

  private static final int MAXIMUM = 64;

  private final Fdt tree;
  private final Reports reports;

  private final @Nullable BootCpu[] found = new @Nullable BootCpu[MAXIMUM];
  private int count;

  @BootOnly
  CpuNodes(Fdt tree, Reports reports) {
    this.tree = tree;
    this.reports = reports;
  }

  /**
   * The usable CPUs: the one with {@code bootMpidr}, those that the tree calls the same, the
   * others; each in tree order.
   */
  @BootOnly
  BootCpu[] read(long bootMpidr) {
    FdtNode cpus = tree.child(tree.root(), "cpus");
    if (!cpus.exists()) {
      throw new BootException("device tree: there is no /cpus");
    }
    FdtNode at = tree.firstChild(cpus);
    while (at.exists()) {
      if (FdtValues.string(tree, at, "device_type").is("cpu")) {
        cpu(cpus, at, bootMpidr & AFFINITY);
      }
      at = tree.nextSibling(at);
    }
    return bootCpuFirst(bootMpidr & AFFINITY);
  }

  @BootOnly
  private void cpu(FdtNode cpus, FdtNode node, long bootMpidr) {
    int cells = FdtValues.addressCells(tree, cpus);
    FdtProperty reg = tree.property(node, "reg");
    if (!reg.exists() || cells < 1 || cells > 2 || tree.length(reg) != cells * 4) {
      throw tree.refuse(node, "reg is not the CPU's MPIDR in the cells of /cpus");
    }
    long mpidr = FdtValues.number(tree, node, reg, 0, cells);
    if ((mpidr & ~AFFINITY) != 0) {
      throw tree.refuse(node, "reg has bits that MPIDR has not");
    }
    for (int i = 0; i < count; i++) {
      if (require(found[i]).mpidr == mpidr) {
        throw tree.refuse(node, "a second CPU with this MPIDR");
      }
    }
    if (mpidr != bootMpidr && !isStartable(node)) {
      return;
    }
    if (count == MAXIMUM) {
      report(node, "more CPUs than can be counted, ignored");
      return;
    }
    found[count] = new BootCpu(mpidr, node);
    count++;
  }

  /** Whether we may and can start it: PSCI is the only way that this hypervisor knows. */
  @BootOnly
  private boolean isStartable(FdtNode node) {
    if (!FdtValues.isEnabled(tree, node)) {
      report(node, "this CPU is disabled and is not used");
      return false;
    }
    if (!FdtValues.string(tree, node, "enable-method").is("psci")) {
      report(node, "this CPU's enable-method is not psci; it is not used");
      return false;
    }
    return true;
  }

  @BootOnly
  private void report(FdtNode node, String what) {
    BootMessage message = new BootMessage("device tree: ");
    tree.path(message, node).text(": ").text(what);
    reports.add(message);
  }

  @BootOnly
  private BootCpu[] bootCpuFirst(long bootMpidr) {
    int first = 0;
    while (first < count && require(found[first]).mpidr != bootMpidr) {
      first++;
    }
    if (first == count) {
      throw new BootException(
          new BootMessage("device tree: /cpus does not have the CPU that runs this, MPIDR ")
              .hex(bootMpidr));
    }
    BootCpu boot = require(found[first]);
    BootCpu[] cpus = new BootCpu[count];
    cpus[0] = boot;
    int next = 1;
    for (int like = 1; like >= 0; like--) {
      for (int i = 0; i < count; i++) {
        BootCpu cpu = require(found[i]);
        if (i != first && isLike(tree, cpu, boot) == (like == 1)) {
          cpus[next] = cpu;
          next++;
        }
      }
    }
    return cpus;
  }

  /** The tree gives both the same name: they are of one class, as far as it knows. */
  @BootOnly
  static boolean isLike(Fdt tree, BootCpu cpu, BootCpu boot) {
    return FdtValues.string(tree, cpu.node, "compatible")
        .is(FdtValues.string(tree, boot.node, "compatible"));
  }

  private static BootCpu require(@Nullable BootCpu cpu) {
    if (cpu == null) {
      throw new IllegalStateException();
    }
    return cpu;
  }
}
