package ristretto.core.boot;

import ristretto.fdt.Fdt;
import ristretto.fdt.FdtInterrupts;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtProperty;
import ristretto.fdt.FdtValues;
import ristretto.fdt.Text;
import ristretto.lang.BootException;
import ristretto.lang.BootOnly;

/** The generic timer. Linux, Documentation/devicetree/bindings/timer/arm,arch_timer.yaml. */
public final class TimerInfo {
  private static final int VIRTUAL = 2;
  private static final int HYPERVISOR = 3;

  public final FdtNode node;

  /** INTID of the virtual timer's interrupt. */
  public final int virtual;

  /** INTID of the EL2 physical timer's interrupt, the hypervisor's own. */
  public final int hypervisor;

  /** Ticks a second where firmware left CNTFRQ_EL0 wrong; 0: CNTFRQ_EL0 is right. */
  public final long frequency;

  @BootOnly
  TimerInfo(Fdt tree) {
    node = find(tree);
    if (!node.exists()) {
      throw new BootException("device tree: there is no timer (arm,armv8-timer)");
    }
    virtual = interrupt(tree, VIRTUAL, "virt");
    hypervisor = interrupt(tree, HYPERVISOR, "hyp-phys");
    frequency = frequency(tree);
  }

  /** Like {@link #frequency}, for a tree of which nothing else is known yet; 0 without a timer. */
  @BootOnly
  public static long frequency(Fdt tree) {
    FdtNode node = find(tree);
    return node.exists() ? FdtValues.u32(tree, node, "clock-frequency", 0) : 0;
  }

  @BootOnly
  private static FdtNode find(Fdt tree) {
    FdtNode found = FdtValues.findCompatible(tree, "arm,armv8-timer");
    return found.exists() ? found : FdtValues.findCompatible(tree, "arm,armv7-timer");
  }

  /** The interrupt called {@code name}; without names they are in a fixed order. */
  @BootOnly
  private int interrupt(Fdt tree, int position, String name) {
    FdtProperty names = tree.property(node, "interrupt-names");
    int index = names.exists() ? indexOf(tree, names, name) : position;
    FdtInterrupts interrupts = new FdtInterrupts(tree);
    if (index < 0 || !interrupts.find(node, index)) {
      throw tree.refuse(node, "interrupts: the timer of EL2 or the virtual one is missing");
    }
    GicInterrupt interrupt = GicInterrupt.of(interrupts);
    if (!interrupt.exists() || !interrupt.isPpi()) {
      throw tree.refuse(node, "interrupts: a timer's interrupt is not a PPI");
    }
    return interrupt.intid();
  }

  @BootOnly
  private static int indexOf(Fdt tree, FdtProperty names, String name) {
    Text all = new Text(tree.value(names), tree.length(names));
    int index = 0;
    for (int start = 0; start < all.length; index++) {
      int end = all.find(0, start);
      if (all.part(start, end).is(name)) {
        return index;
      }
      start = end + 1;
    }
    return -1;
  }
}
