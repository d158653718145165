package ristretto.core.boot;

import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.Gicr;
import ristretto.core.domain.Domain;
import ristretto.core.hypercall.VersionOp;
import ristretto.core.time.GuestTimer;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtProperty;
import ristretto.fdt.FdtValues;
import ristretto.fdt.FdtWriter;
import ristretto.fdt.Text;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * Dom0's device tree: the machine's, with memory, CPUs, interrupt controller, timer, firmware and
 * /chosen as Dom0 has them, without what is the hypervisor's, and with the hypervisor node. What it
 * looks like is what Xen makes of the same tree.
 */
final class Dom0DeviceTree {
  /** Room for everything that the machine's tree does not have. */
  private static final int NEW_NODES = 8 << 10;

  /** Room for the node of a CPU. */
  private static final int CPU_NODE = 192;

  /** IRQ_TYPE_LEVEL_LOW for any CPU, as the bindings of the GIC write it. */
  private static final int LEVEL_LOW_ANY_CPU = 0xf08;

  private static final long FOUR_GIB = 1L << 32;

  private static final int PPI = 1;
  private static final int FIRST_PPI = 16;

  /**
   * INTID of the secure physical timer, which nobody here uses but whose place has to be filled.
   */
  private static final int SECURE_TIMER = 29;

  private final BootInfo info;
  private final NodeRoles roles;
  private final Fdt tree;
  private final int vcpus;
  private final FdtWriter writer;
  private final int addressCells;
  private final int sizeCells;

  @BootOnly
  Dom0DeviceTree(BootInfo info, NodeRoles roles, int vcpus, long target) {
    this.info = info;
    this.roles = roles;
    this.tree = info.tree;
    this.vcpus = vcpus;
    this.writer = new FdtWriter(target, capacity(tree, vcpus), tree);
    this.addressCells = FdtValues.addressCells(tree, tree.root());
    this.sizeCells = FdtValues.sizeCells(tree, tree.root());
  }

  /** Bytes that Dom0's tree may need. */
  static int capacity(Fdt tree, int vcpus) {
    return tree.structureSize() + tree.stringsSize() + NEW_NODES + vcpus * CPU_NODE;
  }

  /**
   * Writes the tree.
   *
   * @param layout Dom0's memory and modules
   * @param regions for the hypervisor node
   * @param eventInterrupt INTID of the PPI that says that events are pending
   * @return its bytes
   */
  @BootOnly
  int write(Dom0Layout layout, Dom0Regions regions, int eventInterrupt) {
    FdtNode at = tree.root();
    FdtNode open = FdtNode.none();
    while (at.exists()) {
      while (open.exists() && !tree.isWithin(at, open)) {
        writer.endNode();
        open = tree.parent(open);
      }
      switch (roles.of(at)) {
        case DOM0, WITHHELD -> {
          begin(at);
          open = at;
          at = tree.next(at);
        }
        case CHOSEN -> {
          chosen(at, layout);
          open = at;
          at = tree.next(at);
        }
        case INTERRUPT_CONTROLLER -> {
          interruptController(at);
          at = tree.afterSubtree(at);
        }
        case TIMER -> {
          timer(at);
          at = tree.afterSubtree(at);
        }
        default -> at = tree.afterSubtree(at);
      }
    }
    while (!open.is(tree.root())) {
      writer.endNode();
      open = tree.parent(open);
    }
    hypervisor(regions, eventInterrupt);
    firmware();
    cpus();
    memory(layout.banks);
    memory(reservedMemory());
    writer.endNode();
    return writer.finish();
  }

  /** Begins a copy of {@code node}: all its properties but those of devices that Dom0 has not. */
  @BootOnly
  private void begin(FdtNode node) {
    boolean withheld = roles.of(node) == NodeRole.WITHHELD;
    writer.beginNode(tree.name(node));
    FdtProperty at = tree.firstProperty(node);
    while (at.exists()) {
      boolean ofIommu =
          tree.isNamed(at, "iommus")
              || tree.isNamed(at, "iommu-map")
              || tree.isNamed(at, "iommu-map-mask");
      boolean changed =
          withheld && (tree.isNamed(at, "status") || tree.isNamed(at, "xen,passthrough"));
      if (!ofIommu && !changed) {
        writer.copy(tree, at);
      }
      at = tree.nextProperty(at);
    }
    if (withheld && tree.has(node, "xen,passthrough")) {
      writer.property("status").string("disabled");
    }
  }

  /** /chosen without what is for the hypervisor; Dom0's console is the hypervisor's to choose. */
  @BootOnly
  private void chosen(FdtNode node, Dom0Layout layout) {
    writer.beginNode(tree.name(node));
    FdtProperty at = tree.firstProperty(node);
    while (at.exists()) {
      if (!isReplacedInChosen(at)) {
        writer.copy(tree, at);
      }
      at = tree.nextProperty(at);
    }
    Text arguments = info.chosen.dom0Arguments();
    if (!arguments.isEmpty()) {
      writer.property("bootargs").string(arguments);
    }
    BootModule ramdisk = info.ramdisk;
    if (ramdisk != null) {
      writer.property("linux,initrd-start").number(layout.ramdiskBase, 2);
      writer.property("linux,initrd-end").number(layout.ramdiskBase + ramdisk.size, 2);
    }
  }

  private boolean isReplacedInChosen(FdtProperty property) {
    return tree.isNamed(property, "bootargs")
        || tree.isNamed(property, "xen,xen-bootargs")
        || tree.isNamed(property, "xen,dom0-bootargs")
        || tree.isNamed(property, "linux,initrd-start")
        || tree.isNamed(property, "linux,initrd-end")
        || tree.isNamed(property, "stdout-path")
        || tree.isNamed(property, "linux,stdout-path");
  }

  /** The virtual interrupt controller, at the place of the real one and with its phandle. */
  @BootOnly
  private void interruptController(FdtNode node) {
    GicInfo gic = info.gic;
    FdtNode bus = tree.parent(node);
    int busAddress = FdtValues.addressCells(tree, bus);
    int busSize = FdtValues.sizeCells(tree, bus);
    FdtProperty reg = tree.property(node, "reg");
    int entry = busAddress + busSize;
    long secondBase = FdtValues.number(tree, node, reg, entry, busAddress);
    writer.beginNode(tree.name(node));
    writer.property("compatible").string(gic.version == 3 ? "arm,gic-v3" : "arm,gic-400");
    if (gic.version == 2) {
      writer.string("arm,cortex-a15-gic");
    }
    writer.property("#interrupt-cells").cell(3);
    writer.property("interrupt-controller");
    phandle(node);
    // An interrupt-map counts its cells by these.
    copyIfPresent(node, "#address-cells");
    copyIfPresent(node, "#size-cells");
    writer.property("reg");
    writer.number(FdtValues.number(tree, node, reg, 0, busAddress), busAddress);
    writer.number(gic.version == 3 ? Gicd.SIZE_V3 : Gicd.SIZE_V2, busSize);
    writer.number(secondBase, busAddress);
    if (gic.version == 3) {
      writer.number((long) vcpus * Gicr.SIZE, busSize);
    } else {
      writer.number(gic.cpuInterfaceSize, busSize);
    }
    writer.endNode();
  }

  @BootOnly
  private void copyIfPresent(FdtNode node, String name) {
    FdtProperty property = tree.property(node, name);
    if (property.exists()) {
      writer.copy(tree, property);
    }
  }

  @BootOnly
  private void phandle(FdtNode node) {
    if (tree.phandle(node) != 0) {
      writer.property("phandle").cell(tree.phandle(node));
    }
  }

  /** The timers of EL1; what the machine says of its quirks is the hypervisor's business. */
  @BootOnly
  private void timer(FdtNode node) {
    writer.beginNode(tree.name(node));
    writer.property("compatible").string("arm,armv8-timer");
    interruptParent();
    writer.property("interrupts");
    ppi(SECURE_TIMER);
    ppi(GuestTimer.PHYSICAL_TIMER); // a guest's own, wherever the machine has its
    ppi(GuestTimer.VIRTUAL_TIMER);
    if (info.timer.frequency != 0) {
      writer.property("clock-frequency").cell((int) info.timer.frequency);
    }
    phandle(node);
    writer.endNode();
  }

  @BootOnly
  private void interruptParent() {
    int phandle = tree.phandle(info.gic.node);
    if (phandle != 0) {
      writer.property("interrupt-parent").cell(phandle);
    }
  }

  @BootOnly
  private void ppi(int intid) {
    writer.cell(PPI).cell(intid - FIRST_PPI).cell(LEVEL_LOW_ANY_CPU);
  }

  @BootOnly
  private void hypervisor(Dom0Regions regions, int eventInterrupt) {
    writer.beginNode("hypervisor");
    BootMessage version = new BootMessage("xen,xen-").dec(VersionOp.MAJOR).text(".");
    writer.property("compatible").string(version.dec(VersionOp.minor())).string("xen,xen");
    writer.property("reg");
    range(regions.grantBase, regions.grantSize);
    for (int i = 0; i < regions.extended.count(); i++) {
      range(regions.extended.base(i), regions.extended.size(i));
    }
    writer.property("interrupts");
    ppi(eventInterrupt);
    interruptParent();
    writer.endNode();
  }

  @BootOnly
  private void firmware() {
    writer.beginNode("psci");
    writer.property("compatible").string("arm,psci-1.0").string("arm,psci-0.2");
    writer.property("method").string("hvc");
    if (info.psci.node.exists()) {
      phandle(info.psci.node);
    }
    writer.endNode();
  }

  /** As many CPUs as Dom0 has, called what those are called on which {@link Dom0Cpus} has them. */
  @BootOnly
  private void cpus() {
    boolean pinned = info.commandLine.dom0Pinned();
    writer.beginNode("cpus");
    writer.property("#address-cells").cell(1);
    writer.property("#size-cells").cell(0);
    for (int i = 0; i < vcpus; i++) {
      long affinity = Domain.mpidrOf(i) & CpuNodes.AFFINITY;
      writer.beginNode("cpu", affinity);
      writer.property("device_type").string("cpu");
      copyIfPresent(info.cpus[pinned ? info.pools.ofDom0(i) : 0].node, "compatible");
      writer.property("reg").cell((int) affinity);
      writer.property("enable-method").string("psci");
      writer.endNode();
    }
    writer.endNode();
  }

  /** Reserved regions that are RAM: Linux wants to have been told of the RAM too. */
  @BootOnly
  private RangeList reservedMemory() {
    RangeList inRam = new RangeList();
    RangeList reserved = info.memory.reserved;
    for (int i = 0; i < reserved.count(); i++) {
      if (info.memory.ram.contains(reserved.base(i), reserved.size(i))) {
        inRam.add(reserved.base(i), reserved.size(i));
      }
    }
    return inRam;
  }

  @BootOnly
  private void memory(RangeList ranges) {
    if (ranges.count() == 0) {
      return;
    }
    writer.beginNode("memory", ranges.base(0));
    writer.property("device_type").string("memory");
    writer.property("reg");
    for (int i = 0; i < ranges.count(); i++) {
      range(ranges.base(i), ranges.size(i));
    }
    writer.endNode();
  }

  /** Address and size in the root's cells. */
  @BootOnly
  private void range(long base, long size) {
    if ((addressCells == 1 && base + size > FOUR_GIB) || (sizeCells == 1 && size >= FOUR_GIB)) {
      throw new BootException(
          "device tree: /: #address-cells or #size-cells is too small for Dom0's memory");
    }
    writer.number(base, addressCells).number(size, sizeCells);
  }
}
