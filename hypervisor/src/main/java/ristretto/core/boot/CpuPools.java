package ristretto.core.boot;

import ristretto.core.cpu.Cpus;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtProperty;
import ristretto.fdt.FdtValues;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * How the loader divides the CPUs into pools: nodes of /chosen compatible with {@code xen,cpupool}.
 * CPUs that none of them names are in one more pool. That with the boot CPU is Pool-0, the others
 * follow in the tree's order. xen, docs/misc/arm/device-tree/cpupools.txt.
 */
public final class CpuPools {
  static final String COMPATIBLE = "xen,cpupool";

  private final Fdt tree;
  private final BootCpu[] known;
  private final int usable;
  private final int defaultScheduler;

  /** By pool. Bit n: the CPU with that number. */
  private final int[] cpus = new int[Cpus.MAXIMUM];

  /** By pool: {@code XEN_SCHEDULER_*}. */
  private final int[] schedulers = new int[Cpus.MAXIMUM];

  private int count;

  /**
   * Reads the children of /chosen.
   *
   * @param known CPUs of the tree, in the order of their numbers
   * @param usable how many of these are used
   * @param defaultScheduler of pools that do not say
   * @throws BootException if a pool cannot be made as it is described
   */
  @BootOnly
  CpuPools(Fdt tree, FdtNode chosen, BootCpu[] known, int usable, int defaultScheduler) {
    this.tree = tree;
    this.known = known;
    this.usable = usable;
    this.defaultScheduler = defaultScheduler;
    int left = (1 << usable) - 1;
    FdtNode at = tree.firstChild(chosen);
    while (at.exists()) {
      if (FdtValues.isCompatible(tree, at, COMPATIBLE)) {
        left &= ~add(at, left);
      }
      at = tree.nextSibling(at);
    }
    if (left != 0) {
      put(left, defaultScheduler);
    }
  }

  public int count() {
    return count;
  }

  /** Bit n: CPU n is in it. */
  public int cpus(int pool) {
    return cpus[pool];
  }

  /** Number of the CPU that Dom0's vCPU {@code number} is pinned to, if it is: in turn. */
  int ofDom0(int number) {
    int left = cpus[0];
    for (int i = number % Integer.bitCount(cpus[0]); i > 0; i--) {
      left &= left - 1;
    }
    return Integer.numberOfTrailingZeros(left);
  }

  /** {@code XEN_SCHEDULER_*}. */
  public int scheduler(int pool) {
    return schedulers[pool];
  }

  /** Adds the pool of a node, whose CPUs are of the set {@code left}, and returns them. */
  @BootOnly
  private int add(FdtNode node, int left) {
    FdtProperty list = tree.property(node, "cpupool-cpus");
    int cells = list.exists() ? FdtValues.cellCount(tree, list) : 0;
    int members = 0;
    for (int i = 0; i < cells; i++) {
      int cpu = find(tree.byPhandle(FdtValues.cell(tree, node, list, i)));
      if (cpu < 0) {
        throw refuse(node, i, " is no CPU that is used");
      }
      if ((left >>> cpu & 1) == 0 || (members >>> cpu & 1) != 0) {
        throw refuse(node, i, " is in a pool already");
      }
      members |= 1 << cpu;
    }
    if (members == 0) {
      throw tree.refuse(node, "cpupool-cpus: a pool needs a CPU");
    }
    put(members, scheduler(node));
    return members;
  }

  @BootOnly
  private int scheduler(FdtNode node) {
    if (!tree.has(node, "cpupool-sched")) {
      return defaultScheduler;
    }
    int scheduler = CommandLine.scheduler(FdtValues.string(tree, node, "cpupool-sched"));
    if (scheduler < 0) {
      throw tree.refuse(node, "cpupool-sched: there is credit2, null, rtds, arinc653");
    }
    return scheduler;
  }

  /** The number of the CPU with that node, or -1. */
  private int find(FdtNode node) {
    for (int i = 0; i < usable && node.exists(); i++) {
      if (known[i].node.is(node)) {
        return i;
      }
    }
    return -1;
  }

  /** The boot CPU has number 0: its pool comes first. */
  private void put(int members, int scheduler) {
    int at = count;
    if ((members & 1) != 0) {
      for (; at > 0; at--) {
        cpus[at] = cpus[at - 1];
        schedulers[at] = schedulers[at - 1];
      }
    }
    cpus[at] = members;
    schedulers[at] = scheduler;
    count++;
  }

  @BootOnly
  private BootException refuse(FdtNode node, int entry, String reason) {
    BootMessage message = new BootMessage("device tree: ");
    return new BootException(
        tree.path(message, node).text(": cpupool-cpus: entry ").dec(entry).text(reason));
  }
}
