package ristretto.core.boot;

import ristretto.core.domain.MachineDevices;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtInterrupts;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtRegisters;
import ristretto.fdt.FdtValues;
import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * Which physical addresses are Dom0's devices, and which interrupts are not its own. All registers
 * of all enabled devices that stay with Dom0, and the windows of PCI bridges, as few ranges of
 * whole pages; never anything of a device that the hypervisor uses.
 */
final class Dom0Devices {
  private static final int PAGE = 4096;

  /** SPIs: INTIDs below 1020. */
  private static final int INTIDS = 1020;

  /** Addresses to map 1:1, in whole pages. */
  final RangeList windows = new RangeList();

  /** The same of devices that are withheld from Dom0 for other domains. */
  final RangeList others = new RangeList();

  /** Devices marked {@code xen,passthrough}, whole subtrees counting once. */
  final int withheld;

  private final Fdt tree;
  private final NodeRoles roles;
  private final Reports reports;
  private final FdtInterrupts interrupts;

  /** Its children are memory, mapped as such. */
  private final FdtNode reservedMemory;

  /** By INTID: it belongs to a device that is withheld from Dom0. */
  private final boolean[] othersInterrupts = new boolean[INTIDS];

  /** By INTID: it belongs to the hypervisor or to a device that is withheld from Dom0. */
  private final boolean[] notDom0s = new boolean[INTIDS];

  /** Registers that nobody but the hypervisor may reach. */
  private final RangeList ours = new RangeList();

  @BootOnly
  Dom0Devices(BootInfo info, NodeRoles roles) {
    this.tree = info.tree;
    this.roles = roles;
    this.reports = info.reports;
    this.interrupts = new FdtInterrupts(tree);
    this.reservedMemory = tree.child(tree.root(), "reserved-memory");
    int marked = 0;
    FdtNode at = tree.root();
    while (at.exists()) {
      if (roles.of(at) == NodeRole.WITHHELD && tree.has(at, "xen,passthrough")) {
        marked++;
        report(at, "withheld from Dom0 for another domain");
      }
      node(at, info.gic.node);
      at = tree.next(at);
    }
    withheld = marked;
    keepDevices(windows, info);
    keepDevices(others, info);
    others.removeAll(windows);
    if (info.uart != null && windows.overlaps(info.uart.base, info.uart.size)) {
      report(info.uart.node, "shares its page with a device of Dom0, which can reach it");
    }
  }

  /** Memory is mapped as memory or not at all, whatever a node says is there. */
  @BootOnly
  private void keepDevices(RangeList list, BootInfo info) {
    list.removeAll(ours);
    list.removeAll(info.memory.ram.alignedOutwards(PAGE));
    list.removeAll(info.memory.reserved.alignedOutwards(PAGE));
  }

  /** Makes known what the tools may give to other domains: nothing of the hypervisor's own. */
  @BootOnly
  void publish() {
    MachineDevices.clear();
    publish(windows);
    publish(others);
    for (int intid = 0; intid < INTIDS; intid++) {
      if (othersInterrupts[intid]) {
        MachineDevices.addInterrupt(intid);
      }
    }
  }

  @BootOnly
  private static void publish(RangeList list) {
    for (int i = 0; i < list.count(); i++) {
      if (!MachineDevices.add(list.base(i) / PAGE, list.size(i) / PAGE)) {
        return; // Dom0 keeps them
      }
    }
  }

  /** Whether Dom0 must not get interrupt {@code intid}. */
  boolean isKeptFromDom0(int intid) {
    return intid >= INTIDS || notDom0s[intid];
  }

  @BootOnly
  private void node(FdtNode node, FdtNode gic) {
    NodeRole role = roles.of(node);
    try {
      if (role == NodeRole.DOM0 && isReachable(node)) {
        addRegisters(windows, node);
        addPciWindows(node);
      } else if (role == NodeRole.OURS || role == NodeRole.WITHHELD) {
        noteInterrupts(node, gic, role == NodeRole.WITHHELD);
      }
      if (role == NodeRole.WITHHELD) {
        addRegisters(others, node);
      }
      boolean isIommu = isIommu(node, role);
      if (role == NodeRole.INTERRUPT_CONTROLLER || isIommu) {
        addOurs(node);
      }
      if (isIommu && isReachable(node)) {
        report(node, "this IOMMU is not used: what devices can reach is not limited");
      }
    } catch (BootException e) {
      // A device that is described badly is a device less, and no reason not to boot.
      reports.add(e.reason());
    }
  }

  /** Registers of what isolates DMA are never shared, whatever lies in the same page. */
  private boolean isIommu(FdtNode node, NodeRole role) {
    return role == NodeRole.OURS && tree.has(node, "#iommu-cells");
  }

  /** The device and every bus above it is enabled. */
  @BootOnly
  private boolean isReachable(FdtNode node) {
    FdtNode at = node;
    while (at.exists()) {
      if (!FdtValues.isEnabled(tree, at)) {
        return false;
      }
      at = tree.parent(at);
    }
    return true;
  }

  @BootOnly
  private void addRegisters(RangeList list, FdtNode node) {
    if (!tree.has(node, "reg") || tree.parent(node).is(reservedMemory)) {
      return;
    }
    for (int i = 0; i < FdtRegisters.count(tree, node); i++) {
      add(list, node, FdtRegisters.address(tree, node, i), FdtRegisters.size(tree, node, i));
    }
  }

  /** Children of a PCI bridge are found by asking them, so all they may have must be reachable. */
  @BootOnly
  private void addPciWindows(FdtNode node) {
    if (!FdtValues.string(tree, node, "device_type").is("pci")) {
      return;
    }
    for (int i = 0; i < FdtRegisters.rangeCount(tree, node); i++) {
      add(
          windows,
          node,
          FdtRegisters.rangeAddress(tree, node, i),
          FdtRegisters.rangeSize(tree, node, i));
    }
  }

  @BootOnly
  private void addOurs(FdtNode node) {
    for (int i = 0; i < FdtRegisters.count(tree, node); i++) {
      add(ours, node, FdtRegisters.address(tree, node, i), FdtRegisters.size(tree, node, i));
    }
  }

  @BootOnly
  private void add(RangeList list, FdtNode node, long base, long size) {
    if (base == FdtRegisters.UNREACHABLE || size == 0) {
      return;
    }
    if (!RangeList.isPossible(base, size)) {
      throw tree.refuse(node, "reg or ranges: no device can be there; not mapped");
    }
    long first = Bits.alignDown(base, PAGE);
    list.add(first, Bits.alignUp(base + size, PAGE) - first);
  }

  @BootOnly
  private void noteInterrupts(FdtNode node, FdtNode gic, boolean forOthers) {
    for (int i = 0; interrupts.find(node, i); i++) {
      GicInterrupt interrupt =
          interrupts.controller().is(gic) ? GicInterrupt.of(interrupts) : GicInterrupt.none();
      if (interrupt.exists()) {
        notDom0s[interrupt.intid()] = true;
        othersInterrupts[interrupt.intid()] |= forOthers && !interrupt.isPpi();
      }
    }
  }

  @BootOnly
  private void report(FdtNode node, String what) {
    reports.add(tree.path(new BootMessage("device tree: "), node).text(": ").text(what));
  }
}
