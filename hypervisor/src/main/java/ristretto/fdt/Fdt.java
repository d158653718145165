package ristretto.fdt;

import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * A flattened device tree in raw memory. {@link #open} walks the whole tree once and refuses
 * anything malformed; afterwards no accessor can leave the tree. A node is its number in the order
 * of the structure block, so a search is a loop over small arrays and nothing recurses.
 *
 * <p>Every complaint is a {@link BootException} that names the node and the reason.
 */
public final class Fdt {
  /** A board's tree has a few hundred nodes. */
  public static final int MAX_NODES = 8192;

  /** Levels of nodes below one another. */
  public static final int MAX_DEPTH = 32;

  static final int BEGIN_NODE = 1;
  static final int END_NODE = 2;
  static final int PROPERTY = 3;
  static final int NOP = 4;
  static final int END = 9;

  /** Bytes of an FDT_PROP token with its length and name offset. */
  static final int PROPERTY_HEADER = 12;

  /** Hypervisor address of the tree, a multiple of 8. */
  public final long address;

  private final FdtHeader header;
  final int strings;
  private final int stringsSize;
  private final FdtIndex index;

  @BootOnly
  private Fdt(long address, FdtIndex index) {
    this.address = address;
    this.header = new FdtHeader(address);
    this.strings = header.stringsOffset();
    this.stringsSize = header.stringsSize();
    this.index = index;
  }

  /** Opens the tree at {@code address}; its memory must stay as it is from now on. */
  @BootOnly
  public static Fdt open(long address) {
    if (address == 0 || address % 8 != 0) {
      throw new BootException(
          new BootMessage("the device tree's address is not a multiple of 8: ").hex(address));
    }
    FdtHeader header = new FdtHeader(address);
    header.check();
    return new Fdt(address, FdtIndex.build(header));
  }

  /** Bytes from {@link #address} on that belong to the tree. */
  public int size() {
    return header.totalSize();
  }

  /** Bytes that the names of properties have. */
  public int stringsSize() {
    return stringsSize;
  }

  /** Bytes that the structure block has. */
  public int structureSize() {
    return header.structureSize();
  }

  public int nodeCount() {
    return index.count();
  }

  public FdtNode root() {
    return new FdtNode(0);
  }

  /** The node that holds {@code node}; none for the root. */
  public FdtNode parent(FdtNode node) {
    return new FdtNode(index.parent(node.index()));
  }

  /** The first child, or none. */
  public FdtNode firstChild(FdtNode node) {
    return node.index() + 1 < index.end(node.index())
        ? new FdtNode(node.index() + 1)
        : FdtNode.none();
  }

  /** The next child of the same parent, or none. */
  public FdtNode nextSibling(FdtNode node) {
    int parent = index.parent(node.index());
    int next = index.end(node.index());
    return parent >= 0 && next < index.end(parent) ? new FdtNode(next) : FdtNode.none();
  }

  /** The node after {@code node} in the order of the tree, whatever its level; none at the end. */
  public FdtNode next(FdtNode node) {
    return node.index() + 1 < index.count() ? new FdtNode(node.index() + 1) : FdtNode.none();
  }

  /** The first node in tree order that is not below {@code node}; none at the end. */
  public FdtNode afterSubtree(FdtNode node) {
    int next = index.end(node.index());
    return next < index.count() ? new FdtNode(next) : FdtNode.none();
  }

  /** Whether {@code node} is {@code ancestor} or somewhere below it. */
  public boolean isWithin(FdtNode node, FdtNode ancestor) {
    return node.index() >= ancestor.index() && node.index() < index.end(ancestor.index());
  }

  /** The name with its unit address; empty for the root. */
  @BootOnly
  public Text name(FdtNode node) {
    long start = address + index.offset(node.index()) + 4;
    int length = 0;
    while (Memory.load8(start + length) != 0) {
      length++;
    }
    return new Text(start, length);
  }

  /**
   * The child that is called {@code name}, with or without its unit address; none if there is none.
   */
  @BootOnly
  public FdtNode child(FdtNode node, String name) {
    for (FdtNode at = firstChild(node); at.exists(); at = nextSibling(at)) {
      Text own = name(at);
      if (own.is(name)
          || (own.startsWith(name) && own.at(name.length()) == '@' && name.indexOf('@') < 0)) {
        return at;
      }
    }
    return FdtNode.none();
  }

  /** The first property of a node, or none. */
  public FdtProperty firstProperty(FdtNode node) {
    int name = index.offset(node.index()) + 4;
    while (Memory.load8(address + name) != 0) {
      name++;
    }
    return propertyAt((name + 4) & -4);
  }

  /** The property after {@code property} in its node, or none. */
  public FdtProperty nextProperty(FdtProperty property) {
    int end = property.offset() + PROPERTY_HEADER + length(property);
    return propertyAt((end + 3) & -4);
  }

  private FdtProperty propertyAt(int offset) {
    int at = offset;
    while (word(at) == NOP) {
      at += 4;
    }
    return word(at) == PROPERTY ? new FdtProperty(at) : FdtProperty.none();
  }

  /** The property of {@code node} that is called {@code name}, or none. */
  public FdtProperty property(FdtNode node, String name) {
    for (FdtProperty at = firstProperty(node); at.exists(); at = nextProperty(at)) {
      if (isNamed(at, name)) {
        return at;
      }
    }
    return FdtProperty.none();
  }

  public boolean has(FdtNode node, String property) {
    return property(node, property).exists();
  }

  /** Whether the property is called {@code name}. */
  public boolean isNamed(FdtProperty property, String name) {
    long own = address + strings + nameOffset(property);
    for (int i = 0; i < name.length(); i++) {
      if (Memory.load8(own + i) != name.charAt(i)) {
        return false;
      }
    }
    return Memory.load8(own + name.length()) == 0;
  }

  @BootOnly
  public Text name(FdtProperty property) {
    long start = address + strings + nameOffset(property);
    int length = 0;
    while (Memory.load8(start + length) != 0) {
      length++;
    }
    return new Text(start, length);
  }

  /** Where the property's name is in the strings block. */
  int nameOffset(FdtProperty property) {
    return word(property.offset() + 8);
  }

  /** Bytes of the property's value. */
  public int length(FdtProperty property) {
    return word(property.offset() + 4);
  }

  /** Hypervisor address of the property's value. */
  public long value(FdtProperty property) {
    return address + property.offset() + PROPERTY_HEADER;
  }

  /** The node whose {@code phandle} is {@code phandle}, or none. */
  public FdtNode byPhandle(int phandle) {
    return new FdtNode(index.byPhandle(phandle));
  }

  /** The node's phandle, or 0. */
  public int phandle(FdtNode node) {
    return index.phandle(node.index());
  }

  /** Address of entry {@code number} of the memory reservation block, or 0 with a size of 0. */
  public long reservationAddress(int number) {
    return reservation(number, 0);
  }

  /** Size of entry {@code number} of the memory reservation block; 0 at the end. */
  public long reservationSize(int number) {
    return reservation(number, 8);
  }

  private long reservation(int number, int field) {
    int at = header.reservationsOffset() + number * FdtHeader.RESERVATION_SIZE;
    return at > size() - FdtHeader.RESERVATION_SIZE ? 0 : doubleWord(at + field);
  }

  /** Adds the node's path to {@code message}: {@code /soc@0/serial@10c02000}. */
  @BootOnly
  public BootMessage path(BootMessage message, FdtNode node) {
    if (node.index() <= 0) {
      return message.text("/");
    }
    int depth = 0;
    for (FdtNode at = node; at.index() > 0; at = parent(at)) {
      depth++;
    }
    for (int level = depth - 1; level >= 0; level--) {
      FdtNode at = node;
      for (int i = 0; i < level; i++) {
        at = parent(at);
      }
      message.text("/");
      name(at).appendTo(message);
    }
    return message;
  }

  /** A complaint about {@code node}, ready to be thrown: "device tree: PATH: REASON". */
  @BootOnly
  public BootException refuse(FdtNode node, String reason) {
    return new BootException(path(new BootMessage("device tree: "), node).text(": ").text(reason));
  }

  int word(int offset) {
    return Integer.reverseBytes(Memory.load32(address + offset));
  }

  private long doubleWord(int offset) {
    return Integer.toUnsignedLong(word(offset)) << 32 | Integer.toUnsignedLong(word(offset + 4));
  }
}
