package ristretto.fdt;

import org.jspecify.annotations.Nullable;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * Writes a flattened device tree from its first node to its last into a block of raw memory of a
 * fixed size. Calls follow the order of the tree:
 *
 * <pre>{@code
 * writer.beginNode("");
 * writer.property("#address-cells").cell(2);
 * writer.beginNode("cpus");
 * writer.endNode();
 * writer.endNode();
 * int size = writer.finish();
 * }</pre>
 *
 * <p>Names of properties are collected at the end of the block and moved behind the structure when
 * the tree is finished. A writer made with an existing tree begins with all of that tree's names,
 * so that {@link #copy} of its properties searches for nothing.
 */
public final class FdtWriter {
  /** Room for names that the template does not have. */
  private static final int NEW_NAMES = 2048;

  /** The share of the block that names get when there is no template: one part in so many. */
  private static final int NAMES_SHARE = 4;

  private final long base;
  private final @Nullable Fdt template;

  /** Offsets in the block: where names are collected, and how many bytes of them there are. */
  private final int strings;

  private final int stringsCapacity;
  private int stringsSize;

  /** Where the structure block begins, or the next reservation goes before that. */
  private int structure;

  private int at;
  private int depth;

  /** Offset of the token of the property that was begun last. */
  private int openProperty;

  /** Writes to {@code capacity} bytes at {@code base}, a multiple of 8. */
  @BootOnly
  public FdtWriter(long base, int capacity, @Nullable Fdt template) {
    this.base = base;
    this.template = template;
    int inherited = template == null ? 0 : template.stringsSize();
    this.stringsCapacity = template == null ? capacity / NAMES_SHARE : inherited + NEW_NAMES;
    this.strings = capacity - stringsCapacity;
    this.at = FdtHeader.SIZEOF;
    if (strings <= at) {
      throw tooSmall();
    }
    if (template != null) {
      Memory.copy(base + strings, template.address + template.strings, inherited);
      stringsSize = inherited;
    }
  }

  /** Reserves a range of memory; only before the first node. */
  @BootOnly
  public void reserve(long address, long size) {
    word64(address);
    word64(size);
  }

  @BootOnly
  public void beginNode(String name) {
    token(Fdt.BEGIN_NODE);
    characters(name);
    endName();
  }

  @BootOnly
  public void beginNode(Text name) {
    token(Fdt.BEGIN_NODE);
    characters(name);
    endName();
  }

  /** Begins {@code name@unit}. */
  @BootOnly
  public void beginNode(String name, long unit) {
    token(Fdt.BEGIN_NODE);
    characters(name);
    BootMessage digits = new BootMessage().hex(unit);
    byteAt('@');
    for (int i = 2; i < digits.length(); i++) {
      byteAt(digits.at(i));
    }
    endName();
  }

  @BootOnly
  public void endNode() {
    depth--;
    word(Fdt.END_NODE);
  }

  @BootOnly
  private void token(int token) {
    if (depth == 0) {
      word64(0);
      word64(0);
      structure = at;
    }
    depth++;
    word(token);
  }

  @BootOnly
  private void endName() {
    byteAt(0);
    pad();
  }

  /** Begins a property without a value; the calls that follow give it one, piece by piece. */
  @BootOnly
  public FdtWriter property(String name) {
    return open(nameOffset(name));
  }

  @BootOnly
  private FdtWriter open(int name) {
    pad();
    openProperty = at;
    word(Fdt.PROPERTY);
    word(0);
    word(name);
    return this;
  }

  /** Adds one cell. */
  @BootOnly
  public FdtWriter cell(int value) {
    word(value);
    return grown(4);
  }

  /** Adds {@code value} as a number of {@code cells} cells. */
  @BootOnly
  public FdtWriter number(long value, int cells) {
    for (int i = cells - 1; i >= 0; i--) {
      cell(i > 1 ? 0 : (int) (value >>> (i * Integer.SIZE)));
    }
    return this;
  }

  /** Adds a string and its terminator; several make a string list. */
  @BootOnly
  public FdtWriter string(String value) {
    characters(value);
    byteAt(0);
    return grown(value.length() + 1);
  }

  /** Adds a string and its terminator. */
  @BootOnly
  public FdtWriter string(Text value) {
    characters(value);
    byteAt(0);
    return grown(value.length + 1);
  }

  /** Adds a string that was put together, and its terminator. */
  @BootOnly
  public FdtWriter string(BootMessage value) {
    for (int i = 0; i < value.length(); i++) {
      byteAt(value.at(i));
    }
    byteAt(0);
    return grown(value.length() + 1);
  }

  /** Copies a property as it is. */
  @BootOnly
  public void copy(Fdt tree, FdtProperty property) {
    int length = tree.length(property);
    if (tree == template) {
      open(tree.nameOffset(property));
    } else {
      open(addName(tree.name(property)));
    }
    copyBytes(tree.value(property), length);
  }

  /** Adds {@code length} bytes to the value. */
  @BootOnly
  public FdtWriter copyBytes(long source, int length) {
    require(length);
    Memory.copy(base + at, source, length);
    at += length;
    return grown(length);
  }

  /** Notes that the open property's value is {@code bytes} longer, and pads it. */
  @BootOnly
  private FdtWriter grown(int bytes) {
    long length = base + openProperty + 4;
    int was = Integer.reverseBytes(Memory.load32(length));
    Memory.store32(length, Integer.reverseBytes(was + bytes));
    return this;
  }

  /**
   * Ends the tree and returns its size in bytes.
   *
   * @throws BootException if a node is still open
   */
  @BootOnly
  public int finish() {
    if (depth != 0 || structure == 0) {
      throw new BootException("a device tree was not written to its end");
    }
    word(Fdt.END);
    int structureSize = at - structure;
    // Downwards and byte by byte: the two places may overlap.
    for (int i = 0; i < stringsSize; i++) {
      Memory.store8(base + at + i, Memory.load8(base + strings + i));
    }
    int total = at + stringsSize;
    header(total, structureSize);
    return total;
  }

  private void header(int total, int structureSize) {
    field(0, FdtHeader.MAGIC);
    field(4, total);
    field(8, structure);
    field(12, at);
    field(16, FdtHeader.SIZEOF);
    field(20, FdtHeader.VERSION);
    field(24, FdtHeader.COMPATIBLE_VERSION);
    field(28, 0); // boot_cpuid_phys: arm64 asks MPIDR
    field(32, stringsSize);
    field(36, structureSize);
  }

  private void field(int offset, int value) {
    Memory.store32(base + offset, Integer.reverseBytes(value));
  }

  /** Where {@code name} is among the collected names, after adding it if it is not there. */
  @BootOnly
  private int nameOffset(String name) {
    int start = 0;
    while (start < stringsSize) {
      int i = 0;
      while (i < name.length() && Memory.load8(base + strings + start + i) == name.charAt(i)) {
        i++;
      }
      if (i == name.length() && Memory.load8(base + strings + start + i) == 0) {
        return start;
      }
      start = afterString(start);
    }
    int added = stringsSize;
    for (int i = 0; i < name.length(); i++) {
      addNameByte(name.charAt(i));
    }
    addNameByte(0);
    return added;
  }

  @BootOnly
  private int addName(Text name) {
    int start = 0;
    while (start < stringsSize) {
      int end = afterString(start);
      if (new Text(base + strings + start, end - 1 - start).is(name)) {
        return start;
      }
      start = end;
    }
    int added = stringsSize;
    for (int i = 0; i < name.length; i++) {
      addNameByte(name.at(i));
    }
    addNameByte(0);
    return added;
  }

  private int afterString(int start) {
    int end = start;
    while (end < stringsSize && Memory.load8(base + strings + end) != 0) {
      end++;
    }
    return end + 1;
  }

  @BootOnly
  private void addNameByte(int character) {
    if (stringsSize == stringsCapacity) {
      throw tooSmall();
    }
    Memory.store8(base + strings + stringsSize, character);
    stringsSize++;
  }

  @BootOnly
  private void characters(String text) {
    for (int i = 0; i < text.length(); i++) {
      byteAt(text.charAt(i));
    }
  }

  @BootOnly
  private void characters(Text text) {
    for (int i = 0; i < text.length; i++) {
      byteAt(text.at(i));
    }
  }

  @BootOnly
  private void byteAt(int value) {
    require(1);
    Memory.store8(base + at, value);
    at++;
  }

  @BootOnly
  private void pad() {
    while (at % 4 != 0) {
      byteAt(0);
    }
  }

  /** One cell at a cell boundary; what came before it is padded with zeros. */
  @BootOnly
  private void word(int value) {
    pad();
    require(4);
    Memory.store32(base + at, Integer.reverseBytes(value));
    at += 4;
  }

  @BootOnly
  private void word64(long value) {
    word((int) (value >>> Integer.SIZE));
    word((int) value);
  }

  @BootOnly
  private void require(int bytes) {
    if (bytes > strings - at) {
      throw tooSmall();
    }
  }

  @BootOnly
  private BootException tooSmall() {
    return new BootException(
        new BootMessage("the new device tree does not fit into its ")
            .dec(strings + stringsCapacity)
            .text(" bytes"));
  }
}
