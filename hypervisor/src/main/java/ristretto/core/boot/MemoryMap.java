package ristretto.core.boot;

import ristretto.fdt.Fdt;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtProperty;
import ristretto.fdt.FdtRegisters;
import ristretto.fdt.FdtValues;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/**
 * RAM and what in it is spoken for, as the device tree says. Devicetree Specification, "/memory
 * node", "/reserved-memory node", "Memory Reservation Block".
 */
public final class MemoryMap {
  /** All RAM that the CPUs can reach. */
  public final RangeList ram = new RangeList();

  /** {@code /reserved-memory} with a fixed place: devices and firmware use it, Dom0 may too. */
  public final RangeList reserved = new RangeList();

  /**
   * The part of {@link #reserved} that is {@code no-map}: nobody but its owner may map it, because
   * even a speculative access disturbs it. Whole pages.
   */
  public final RangeList unmapped = new RangeList();

  /** The memory reservation block; loaders also list what they loaded there. */
  public final RangeList reservations = new RangeList();

  private static final long PAGE = 4096;

  private final Fdt tree;
  private final Reports reports;

  @BootOnly
  MemoryMap(Fdt tree, Reports reports) {
    this.tree = tree;
    this.reports = reports;
    FdtNode at = tree.firstChild(tree.root());
    while (at.exists()) {
      if (FdtValues.string(tree, at, "device_type").is("memory") && FdtValues.isEnabled(tree, at)) {
        addRegisters(at, ram);
      }
      at = tree.nextSibling(at);
    }
    if (ram.count() == 0) {
      throw new BootException("device tree: no /memory node with any memory");
    }
    FdtNode reservedMemory = tree.child(tree.root(), "reserved-memory");
    if (reservedMemory.exists()) {
      at = tree.firstChild(reservedMemory);
      while (at.exists()) {
        addReserved(at);
        at = tree.nextSibling(at);
      }
    }
    for (int i = 0; tree.reservationSize(i) != 0; i++) {
      addReservation(tree.reservationAddress(i), tree.reservationSize(i));
    }
  }

  @BootOnly
  private void addRegisters(FdtNode node, RangeList list) {
    for (int i = 0; i < FdtRegisters.count(tree, node); i++) {
      long base = FdtRegisters.address(tree, node, i);
      long size = FdtRegisters.size(tree, node, i);
      if (!RangeList.isPossible(base, size)) {
        throw tree.refuse(node, "reg: memory cannot be there");
      }
      list.add(base, size);
    }
  }

  /** A region without {@code reg} gets its place from the system that uses it: nothing to do. */
  @BootOnly
  private void addReserved(FdtNode node) {
    FdtProperty reg = tree.property(node, "reg");
    if (reg.exists() && FdtValues.isEnabled(tree, node)) {
      addRegisters(node, reserved);
      if (tree.has(node, "no-map")) {
        RangeList touched = new RangeList();
        addRegisters(node, touched);
        unmapped.addAll(touched.alignedOutwards(PAGE));
      }
    }
  }

  /** RAM that EL2 may map. */
  @BootOnly
  public RangeList mappable() {
    RangeList mappable = ram.copy();
    mappable.removeAll(unmapped);
    return mappable;
  }

  @BootOnly
  private void addReservation(long base, long size) {
    if (!RangeList.isPossible(base, size)) {
      reports.add(
          new BootMessage("device tree: a memory reservation that is not possible, ignored: ")
              .hex(size)
              .text(" bytes at ")
              .hex(base));
      return;
    }
    reservations.add(base, size);
  }
}
