package ristretto.fdt;

import ristretto.lang.BootOnly;

/**
 * {@code reg} and {@code ranges}: where a node is, as its parent sees it and as the CPUs see it.
 * Devicetree Specification, "reg" and "ranges".
 */
public final class FdtRegisters {
  /** The answer for a place that no CPU can address. No region of a device begins there. */
  public static final long UNREACHABLE = -1;

  private FdtRegisters() {}

  /** Entries in the node's {@code reg}; 0 if it has none. */
  @BootOnly
  public static int count(Fdt tree, FdtNode node) {
    FdtProperty reg = tree.property(node, "reg");
    FdtNode parent = tree.parent(node);
    if (!reg.exists() || !parent.exists()) {
      return 0;
    }
    int entry = FdtValues.addressCells(tree, parent) + FdtValues.sizeCells(tree, parent);
    if (entry == 0 || tree.length(reg) % (entry * 4) != 0) {
      throw tree.refuse(node, "reg is not a list of the parent's address and size cells");
    }
    return tree.length(reg) / (entry * 4);
  }

  /** Address of entry {@code index} of {@code reg}, in the parent's address space. */
  @BootOnly
  public static long busAddress(Fdt tree, FdtNode node, int index) {
    FdtProperty reg = require(tree, node, index);
    FdtNode parent = tree.parent(node);
    int addressCells = FdtValues.addressCells(tree, parent);
    int entry = addressCells + FdtValues.sizeCells(tree, parent);
    return FdtValues.number(tree, node, reg, index * entry, addressCells);
  }

  /** Bytes of entry {@code index} of {@code reg}. */
  @BootOnly
  public static long size(Fdt tree, FdtNode node, int index) {
    FdtProperty reg = require(tree, node, index);
    FdtNode parent = tree.parent(node);
    int addressCells = FdtValues.addressCells(tree, parent);
    int sizeCells = FdtValues.sizeCells(tree, parent);
    int at = index * (addressCells + sizeCells) + addressCells;
    return FdtValues.number(tree, node, reg, at, sizeCells);
  }

  /** Physical address of entry {@code index} of {@code reg}, or {@link #UNREACHABLE}. */
  @BootOnly
  public static long address(Fdt tree, FdtNode node, int index) {
    return physical(tree, tree.parent(node), busAddress(tree, node, index));
  }

  @BootOnly
  private static FdtProperty require(Fdt tree, FdtNode node, int index) {
    if (index < 0 || index >= count(tree, node)) {
      throw tree.refuse(node, "reg has too few entries");
    }
    return tree.property(node, "reg");
  }

  /** What the CPUs call {@code address} of bus {@code bus}, or {@link #UNREACHABLE}. */
  @BootOnly
  public static long physical(Fdt tree, FdtNode bus, long address) {
    long translated = address;
    FdtNode at = bus;
    while (tree.parent(at).exists() && translated != UNREACHABLE) {
      translated = throughBus(tree, at, translated);
      at = tree.parent(at);
    }
    return translated;
  }

  /** Entries in the {@code ranges} of a bus; 0 if it has none or is transparent. */
  @BootOnly
  public static int rangeCount(Fdt tree, FdtNode bus) {
    FdtProperty ranges = tree.property(bus, "ranges");
    if (!ranges.exists() || tree.length(ranges) == 0) {
      return 0;
    }
    int entry = rangeCells(tree, bus);
    if (entry == 0 || tree.length(ranges) % (entry * 4) != 0) {
      throw tree.refuse(bus, "ranges is not a list of child address, parent address and size");
    }
    return tree.length(ranges) / (entry * 4);
  }

  /** Physical address of the window that entry {@code index} of {@code ranges} opens. */
  @BootOnly
  public static long rangeAddress(Fdt tree, FdtNode bus, int index) {
    FdtNode parent = tree.parent(bus);
    int at = index * rangeCells(tree, bus) + FdtValues.addressCells(tree, bus);
    FdtProperty ranges = tree.property(bus, "ranges");
    long address = FdtValues.number(tree, bus, ranges, at, FdtValues.addressCells(tree, parent));
    return physical(tree, parent, address);
  }

  /** Bytes of the window that entry {@code index} of {@code ranges} opens. */
  @BootOnly
  public static long rangeSize(Fdt tree, FdtNode bus, int index) {
    int sizeCells = FdtValues.sizeCells(tree, bus);
    int at = (index + 1) * rangeCells(tree, bus) - sizeCells;
    return FdtValues.number(tree, bus, tree.property(bus, "ranges"), at, sizeCells);
  }

  @BootOnly
  private static int rangeCells(Fdt tree, FdtNode bus) {
    FdtNode parent = tree.parent(bus);
    return FdtValues.addressCells(tree, bus)
        + (parent.exists() ? FdtValues.addressCells(tree, parent) : 0)
        + FdtValues.sizeCells(tree, bus);
  }

  /** One step up: no {@code ranges} is no way through, an empty one changes nothing. */
  @BootOnly
  private static long throughBus(Fdt tree, FdtNode bus, long address) {
    FdtProperty ranges = tree.property(bus, "ranges");
    if (!ranges.exists()) {
      return UNREACHABLE;
    }
    if (tree.length(ranges) == 0) {
      return address;
    }
    int childCells = FdtValues.addressCells(tree, bus);
    int parentCells = FdtValues.addressCells(tree, tree.parent(bus));
    int sizeCells = FdtValues.sizeCells(tree, bus);
    for (int i = 0; i < rangeCount(tree, bus); i++) {
      int at = i * (childCells + parentCells + sizeCells);
      long child = FdtValues.number(tree, bus, ranges, at, childCells);
      long parent = FdtValues.number(tree, bus, ranges, at + childCells, parentCells);
      long size = FdtValues.number(tree, bus, ranges, at + childCells + parentCells, sizeCells);
      if (Long.compareUnsigned(address - child, size) < 0) {
        return parent + (address - child);
      }
    }
    return UNREACHABLE;
  }
}
