package ristretto.fdt;

import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/** Values of properties by their standard types. Devicetree Specification, "Property Values". */
public final class FdtValues {
  /** #address-cells and #size-cells of a node that does not say; same document, same name. */
  private static final int DEFAULT_ADDRESS_CELLS = 2;

  private static final int DEFAULT_SIZE_CELLS = 1;

  /** PCI addresses have three cells; nothing has more than four. */
  private static final int MAX_CELLS = 4;

  private FdtValues() {}

  /** The cell at {@code index} of the property's value. */
  @BootOnly
  public static int cell(Fdt tree, FdtNode node, FdtProperty property, int index) {
    if (index < 0 || index >= tree.length(property) / 4) {
      throw tree.refuse(node, "a property is shorter than its kind");
    }
    return Integer.reverseBytes(Memory.load32(tree.value(property) + index * 4L));
  }

  /**
   * The number of {@code cells} cells that begins at cell {@code index}. Of a number of more than
   * two cells the lowest two count: the upper ones of a PCI address are flags.
   */
  @BootOnly
  public static long number(Fdt tree, FdtNode node, FdtProperty property, int index, int cells) {
    long value = 0;
    for (int i = 0; i < cells; i++) {
      value = value << 32 | Integer.toUnsignedLong(cell(tree, node, property, index + i));
    }
    return value;
  }

  /** Cells that the property's value has. */
  public static int cellCount(Fdt tree, FdtProperty property) {
    return tree.length(property) / 4;
  }

  /** The one cell of property {@code name}, zero-extended, or {@code otherwise} if it is absent. */
  @BootOnly
  public static long u32(Fdt tree, FdtNode node, String name, long otherwise) {
    FdtProperty property = tree.property(node, name);
    return property.exists() ? Integer.toUnsignedLong(cell(tree, node, property, 0)) : otherwise;
  }

  /**
   * A number of one or two cells, whichever the property has; {@code otherwise} if it is absent.
   */
  @BootOnly
  public static long u64(Fdt tree, FdtNode node, String name, long otherwise) {
    FdtProperty property = tree.property(node, name);
    return property.exists()
        ? number(tree, node, property, 0, tree.length(property) == 8 ? 2 : 1)
        : otherwise;
  }

  /** The cells of an address in the children's {@code reg}. */
  @BootOnly
  public static int addressCells(Fdt tree, FdtNode node) {
    return cells(tree, node, "#address-cells", DEFAULT_ADDRESS_CELLS);
  }

  /** The cells of a size in the children's {@code reg}. */
  @BootOnly
  public static int sizeCells(Fdt tree, FdtNode node) {
    return cells(tree, node, "#size-cells", DEFAULT_SIZE_CELLS);
  }

  @BootOnly
  private static int cells(Fdt tree, FdtNode node, String name, int otherwise) {
    long cells = u32(tree, node, name, otherwise);
    if (cells > MAX_CELLS) {
      throw tree.refuse(node, "#address-cells or #size-cells is above 4");
    }
    return (int) cells;
  }

  /** The first string of property {@code name}; empty if the property is absent. */
  @BootOnly
  public static Text string(Fdt tree, FdtNode node, String name) {
    FdtProperty property = tree.property(node, name);
    return property.exists() ? string(tree, node, property) : Text.empty();
  }

  /** The first string of the property. */
  @BootOnly
  public static Text string(Fdt tree, FdtNode node, FdtProperty property) {
    Text all = new Text(tree.value(property), tree.length(property));
    int end = all.find(0, 0);
    if (end == all.length) {
      throw tree.refuse(node, "a property that should be a string has no end");
    }
    return all.part(0, end);
  }

  /** Whether {@code string} is one of the strings of property {@code name}. */
  public static boolean listHas(Fdt tree, FdtNode node, String name, String string) {
    FdtProperty property = tree.property(node, name);
    if (!property.exists()) {
      return false;
    }
    long at = tree.value(property);
    long end = at + tree.length(property);
    while (end - at > string.length()) {
      int matching = 0;
      while (matching < string.length() && Memory.load8(at + matching) == string.charAt(matching)) {
        matching++;
      }
      if (matching == string.length() && Memory.load8(at + matching) == 0) {
        return true;
      }
      while (at < end && Memory.load8(at) != 0) {
        at++;
      }
      at++;
    }
    return false;
  }

  /** Whether the node's {@code compatible} list names {@code device}. */
  public static boolean isCompatible(Fdt tree, FdtNode node, String device) {
    return listHas(tree, node, "compatible", device);
  }

  /**
   * The first node in tree order whose {@code compatible} list names {@code device}, or none. The
   * root's list names the board, so the root is not asked.
   */
  public static FdtNode findCompatible(Fdt tree, String device) {
    FdtNode at = tree.next(tree.root());
    while (at.exists() && !isCompatible(tree, at, device)) {
      at = tree.next(at);
    }
    return at;
  }

  /** Whether the node's {@code status} lets it be used: absent, "okay" or "ok". */
  @BootOnly
  public static boolean isEnabled(Fdt tree, FdtNode node) {
    FdtProperty status = tree.property(node, "status");
    return !status.exists()
        || listHas(tree, node, "status", "okay")
        || listHas(tree, node, "status", "ok");
  }
}
