package ristretto.fdt;

import ristretto.lang.BootOnly;

/**
 * Which interrupts a node has and who takes them: {@code interrupts} with an inherited {@code
 * interrupt-parent}, or {@code interrupts-extended}. Devicetree Specification, "Interrupts and
 * Interrupt Mapping". The result of a look-up is in the object, valid until the next one.
 */
public final class FdtInterrupts {
  /** A specifier of more cells than this is nobody's. */
  private static final int MAX_CELLS = 8;

  private final Fdt tree;
  private FdtNode controller;
  private FdtNode node;
  private FdtProperty property;
  private int first;
  private int cells;

  @BootOnly
  public FdtInterrupts(Fdt tree) {
    this.tree = tree;
    this.controller = FdtNode.none();
    this.node = FdtNode.none();
    this.property = FdtProperty.none();
  }

  /** Looks up interrupt {@code index} of {@code node}; false if it has no such interrupt. */
  @BootOnly
  public boolean find(FdtNode node, int index) {
    this.node = node;
    property = tree.property(node, "interrupts-extended");
    return property.exists() ? findExtended(index) : findPlain(index);
  }

  @BootOnly
  private boolean findPlain(int index) {
    property = tree.property(node, "interrupts");
    if (!property.exists()) {
      return false;
    }
    controller = parentOf(node);
    cells = cellsOf(controller);
    first = index * cells;
    return first + cells <= FdtValues.cellCount(tree, property);
  }

  @BootOnly
  private boolean findExtended(int index) {
    int at = 0;
    for (int i = 0; at < FdtValues.cellCount(tree, property); i++) {
      controller = tree.byPhandle(FdtValues.cell(tree, node, property, at));
      cells = cellsOf(controller);
      first = at + 1;
      at = first + cells;
      if (i == index) {
        return at <= FdtValues.cellCount(tree, property);
      }
    }
    return false;
  }

  /** The controller that {@code interrupts} of {@code from} means; none if nobody says. */
  @BootOnly
  public FdtNode parentOf(FdtNode from) {
    FdtNode at = from;
    while (at.exists()) {
      FdtProperty parent = tree.property(at, "interrupt-parent");
      if (parent.exists()) {
        return tree.byPhandle(FdtValues.cell(tree, at, parent, 0));
      }
      at = tree.parent(at);
      if (at.exists() && tree.has(at, "interrupt-controller")) {
        return at;
      }
    }
    return FdtNode.none();
  }

  @BootOnly
  private int cellsOf(FdtNode controller) {
    if (!controller.exists()) {
      throw tree.refuse(node, "its interrupts have no parent in this tree");
    }
    long count = FdtValues.u32(tree, controller, "#interrupt-cells", 0);
    if (count == 0 || count > MAX_CELLS) {
      throw tree.refuse(node, "its interrupt parent has no #interrupt-cells from 1 to 8");
    }
    return (int) count;
  }

  /** Who takes the interrupt that was found. */
  public FdtNode controller() {
    return controller;
  }

  /** Cells of the specifier that was found. */
  public int cellCount() {
    return cells;
  }

  /** Cell {@code index} of the specifier that was found. */
  @BootOnly
  public int cell(int index) {
    return index < cells ? FdtValues.cell(tree, node, property, first + index) : 0;
  }
}
