package ristretto.core.trap;

/**
 * Code addresses as Java methods and lines, from the table that the compiler appends to the image.
 * The format is that of {@code ristretto.compiler.link.SymbolTable}.
 *
 * <p>Keeps no state between calls, so that two CPUs may fault at the same time, and trusts nothing
 * but the table: an address that is not in it has no frames.
 */
public final class Symbols {
  private static final int MAGIC = 0x4d595352;
  private static final int FUNCTION_SIZE = 8;
  private static final int METHOD_SIZE = 6;
  private static final int NODE_FIELDS = 3;

  /** The bytes of the table. */
  public interface Table {
    /** The byte at {@code offset}, 0 to 255. */
    int byteAt(int offset);
  }

  /** Receives text. */
  public interface Sink {
    /** One character of ISO 8859-1 or one byte of UTF-8. */
    void put(int character);
  }

  /** A number and the offset behind it, as {@link #number} returns them, are two halves of this. */
  private static final int NEXT = 32;

  private final Table table;
  private final long textStart;
  private final int functionCount;
  private final int functions;
  private final int methods;
  private final int strings;

  /**
   * Reads the header; a table without the magic number is empty.
   *
   * @param textStart address of the first instruction of the image
   */
  public Symbols(Table table, long textStart) {
    this.table = table;
    this.textStart = textStart;
    this.functionCount = word(table, 0) == MAGIC ? word(table, 4) : 0;
    this.functions = word(table, 8);
    this.methods = word(table, 12);
    this.strings = word(table, 16);
  }

  /**
   * How many Java frames the instruction stands for: more than one where calls were inlined, 0 when
   * the address is not in the table. For a return address ask for the instruction before it.
   */
  public int frameCount(long instruction) {
    int function = function(instruction);
    if (function < 0) {
      return 0;
    }
    int stream = stream(function);
    int count = 1;
    int node = node(position(function, instruction));
    while (node != 0) {
      node = nodeField(stream, node, 0);
      count++;
    }
    return count;
  }

  /**
   * The caller's return address is still in x30 at this instruction, not in the frame that x29
   * points to.
   */
  public boolean returnAddressInLinkRegister(long instruction) {
    int function = function(instruction);
    return function >= 0 && inLinkRegister(position(function, instruction));
  }

  /**
   * Prints a frame as a Java stack trace does: {@code pkg.Class.method(File.java:12)}.
   *
   * @param frame 0 for the innermost, below {@link #frameCount}
   */
  public void printFrame(long instruction, int frame, Sink sink) {
    int function = function(instruction);
    if (function < 0) {
      return;
    }
    int stream = stream(function);
    long position = position(function, instruction);
    int node = node(position);
    int line = line(position);
    for (int i = 0; i < frame && node != 0; i++) {
      line = nodeField(stream, node, 2);
      node = nodeField(stream, node, 0);
    }
    int method = methods + nodeField(stream, node, 1) * METHOD_SIZE;
    if (printString(half(method), sink) > 0) {
      sink.put('.');
    }
    printString(half(method + 2), sink);
    sink.put('(');
    printString(half(method + 4), sink);
    sink.put(':');
    printDecimal(line, sink);
    sink.put(')');
  }

  /** Index of the function that holds the instruction, -1 when none does. */
  private int function(long instruction) {
    long offset = instruction - textStart;
    int low = 0;
    int high = functionCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.toUnsignedLong(word(functions + middle * FUNCTION_SIZE)) <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private int stream(int function) {
    return word(functions + function * FUNCTION_SIZE + 4);
  }

  /** The last record at or before the instruction: line [30:0], node [61:32], x30 bit 62. */
  private long position(int function, long instruction) {
    int wanted = (int) (instruction - textStart);
    int offset = word(functions + function * FUNCTION_SIZE);
    long at = number(stream(function));
    at = number(skip(next(at), value(at) * NODE_FIELDS));
    int node = 0;
    int line = 0;
    long found = 0;
    for (int left = value(at); left > 0; left--) {
      at = number(next(at));
      int head = value(at);
      offset += (head >>> 2) * 4;
      if (Integer.compareUnsigned(offset, wanted) > 0) {
        break;
      }
      if ((head & 1) != 0) {
        at = number(next(at));
        node = value(at);
      }
      at = number(next(at));
      line += value(at) >>> 1 ^ -(value(at) & 1);
      found = (long) (head & 2) << 61 | (long) node << 32 | line;
    }
    return found;
  }

  private static int line(long position) {
    return (int) position;
  }

  private static int node(long position) {
    return (int) (position >>> 32) & 0x3fff_ffff;
  }

  private static boolean inLinkRegister(long position) {
    return (position >>> 62 & 1) != 0;
  }

  /** Field 0 of a node is its parent, 1 its method, 2 the line of the call in the parent. */
  private int nodeField(int stream, int node, int field) {
    int first = next(number(stream));
    return value(number(skip(first, node * NODE_FIELDS + field)));
  }

  /** The offset behind {@code count} numbers. */
  private int skip(int at, int count) {
    int behind = at;
    for (int left = count; left > 0; left--) {
      while ((table.byteAt(behind) & 0x80) != 0) {
        behind++;
      }
      behind++;
    }
    return behind;
  }

  /** An unsigned LEB128 in the low half, the offset behind it in the high half. */
  private long number(int at) {
    int value = 0;
    int shift = 0;
    int offset = at;
    int b = table.byteAt(offset++);
    while ((b & 0x80) != 0 && shift < 28) {
      value |= (b & 0x7f) << shift;
      shift += 7;
      b = table.byteAt(offset++);
    }
    value |= (b & 0x7f) << shift;
    return (long) offset << NEXT | Integer.toUnsignedLong(value);
  }

  private static int value(long number) {
    return (int) number;
  }

  private static int next(long number) {
    return (int) (number >>> NEXT);
  }

  /** Returns the length. */
  private int printString(int index, Sink sink) {
    int from = word(strings + index * 4);
    int to = word(strings + index * 4 + 4);
    for (int i = from; i < to; i++) {
      sink.put(table.byteAt(i));
    }
    return to - from;
  }

  private static void printDecimal(int number, Sink sink) {
    int unit = 1;
    while (number / unit >= 10) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      sink.put('0' + number / unit % 10);
    }
  }

  private int half(int offset) {
    return table.byteAt(offset) | table.byteAt(offset + 1) << 8;
  }

  private int word(int offset) {
    return word(table, offset);
  }

  private static int word(Table table, int offset) {
    return table.byteAt(offset)
        | table.byteAt(offset + 1) << 8
        | table.byteAt(offset + 2) << 16
        | table.byteAt(offset + 3) << 24;
  }
}
