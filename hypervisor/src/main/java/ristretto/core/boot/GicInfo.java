package ristretto.core.boot;

import ristretto.fdt.Fdt;
import ristretto.fdt.FdtInterrupts;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtRegisters;
import ristretto.fdt.FdtValues;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * The interrupt controller. Linux, Documentation/devicetree/bindings/interrupt-controller,
 * arm,gic.yaml (version 2) and arm,gic-v3.yaml.
 */
public final class GicInfo {
  private static final String[] VERSION_2 = {
    "arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic",
  };
  private static final String VERSION_3 = "arm,gic-v3";

  /** Arm's recommendation for the maintenance interrupt, BSA "PE interrupts": PPI 9. */
  private static final int MAINTENANCE_INTID = 25;

  private static final int FIRST_PPI = 16;
  private static final int FIRST_SPI = 32;
  private static final int MAX_REGIONS = 16;

  public final FdtNode node;

  /** Architecture version: 2 or 3. */
  public final int version;

  public final long distributor;
  public final long distributorSize;

  /** Version 2: CPU interface, virtual interface control (GICH), virtual CPU interface (GICV). */
  public final long cpuInterface;

  public final long cpuInterfaceSize;
  public final long virtualControl;
  public final long virtualControlSize;
  public final long virtualCpuInterface;
  public final long virtualCpuInterfaceSize;

  /** Version 3: regions of redistributors. */
  public final long[] redistributors;

  public final long[] redistributorSizes;

  /** Version 3: bytes from one redistributor to the next; 0: as GICR_TYPER says. */
  public final long redistributorStride;

  /** INTID of the maintenance interrupt. */
  public final int maintenance;

  @BootOnly
  GicInfo(Fdt tree, Reports reports) {
    FdtNode found = FdtValues.findCompatible(tree, VERSION_3);
    version = found.exists() ? 3 : 2;
    for (int i = 0; i < VERSION_2.length && !found.exists(); i++) {
      found = FdtValues.findCompatible(tree, VERSION_2[i]);
    }
    if (!found.exists()) {
      throw new BootException(
          "device tree: no interrupt controller that is known (GICv2 or GICv3)");
    }
    node = found;
    distributor = region(tree, 0);
    distributorSize = FdtRegisters.size(tree, node, 0);
    int regions = version == 3 ? regions(tree) : 0;
    redistributors = new long[regions];
    redistributorSizes = new long[regions];
    for (int i = 0; i < regions; i++) {
      redistributors[i] = region(tree, i + 1);
      redistributorSizes[i] = FdtRegisters.size(tree, node, i + 1);
    }
    redistributorStride = version == 3 ? FdtValues.u64(tree, node, "redistributor-stride", 0) : 0;
    // A GICv3 may leave out what only GICv2 guests would need; a GICv2 has nothing else.
    int next = 1 + regions;
    boolean complete = version == 2 || FdtRegisters.count(tree, node) >= next + 3;
    cpuInterface = complete ? region(tree, next) : 0;
    cpuInterfaceSize = complete ? FdtRegisters.size(tree, node, next) : 0;
    virtualControl = complete ? region(tree, next + 1) : 0;
    virtualControlSize = complete ? FdtRegisters.size(tree, node, next + 1) : 0;
    virtualCpuInterface = complete ? region(tree, next + 2) : 0;
    virtualCpuInterfaceSize = complete ? FdtRegisters.size(tree, node, next + 2) : 0;
    maintenance = maintenance(tree, reports);
  }

  @BootOnly
  private int regions(Fdt tree) {
    long regions = FdtValues.u32(tree, node, "#redistributor-regions", 1);
    if (regions < 1 || regions > MAX_REGIONS) {
      throw tree.refuse(node, "#redistributor-regions is not from 1 to 16");
    }
    return (int) regions;
  }

  @BootOnly
  private long region(Fdt tree, int index) {
    long base = FdtRegisters.address(tree, node, index);
    if (!RangeList.isPossible(base, FdtRegisters.size(tree, node, index))) {
      throw tree.refuse(node, "reg: the interrupt controller is not where a CPU can reach it");
    }
    return base;
  }

  /**
   * The first interrupt of the node. Linux's tree of Agilex 5 writes INTID 25 where the number of a
   * PPI, 9, belongs; older trees of that board have none. Both mean INTID 25.
   */
  @BootOnly
  private int maintenance(Fdt tree, Reports reports) {
    FdtInterrupts interrupts = new FdtInterrupts(tree);
    if (!interrupts.find(node, 0)) {
      report(tree, reports, ": no maintenance interrupt; INTID 25 is taken");
      return MAINTENANCE_INTID;
    }
    GicInterrupt interrupt = GicInterrupt.of(interrupts);
    if (interrupt.exists() && interrupt.isPpi()) {
      return interrupt.intid();
    }
    int number = interrupts.cell(1);
    if (interrupts.cell(0) == 1 && number >= FIRST_PPI && number < FIRST_SPI) {
      report(tree, reports, ": interrupts: a PPI above 15 can only be an INTID; taken as that");
      return number;
    }
    throw tree.refuse(node, "interrupts: the maintenance interrupt is not a PPI");
  }

  @BootOnly
  private void report(Fdt tree, Reports reports, String what) {
    reports.add(tree.path(new BootMessage("device tree: "), node).text(what));
  }
}
