package ristretto.fdt;

import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * Where each node of a tree begins, which node holds it, and where its subtree ends: made by the
 * one pass over the structure block that checks every token, length and string.
 */
final class FdtIndex {
  /** Longest node or property name that is believed; the specification says 31. */
  private static final int MAX_NAME = 255;

  private final FdtHeader header;
  private final int[] offsets;
  private final int[] parents;
  private final int[] ends;
  private final int[] phandles;
  private int count;

  /** Offset of the name of the node that was begun last, for complaints; 0 before the first. */
  private int lastName;

  @BootOnly
  private FdtIndex(FdtHeader header, int capacity) {
    this.header = header;
    this.offsets = new int[capacity];
    this.parents = new int[capacity];
    this.ends = new int[capacity];
    this.phandles = new int[capacity];
  }

  @BootOnly
  static FdtIndex build(FdtHeader header) {
    FdtIndex counted = new FdtIndex(header, 0);
    counted.walk(false);
    FdtIndex index = new FdtIndex(header, counted.count);
    index.walk(true);
    return index;
  }

  int count() {
    return count;
  }

  int offset(int node) {
    return offsets[node];
  }

  int parent(int node) {
    return parents[node];
  }

  int end(int node) {
    return ends[node];
  }

  int phandle(int node) {
    return phandles[node];
  }

  int byPhandle(int phandle) {
    for (int i = 0; i < count; i++) {
      if (phandles[i] == phandle && phandle != 0) {
        return i;
      }
    }
    return -1;
  }

  /** Checks every token; the second time it also stores. Ends at FDT_END or throws. */
  @BootOnly
  private void walk(boolean store) {
    int at = header.structureOffset();
    int limit = at + header.structureSize();
    int depth = 0;
    int current = -1;
    boolean properties = false;
    count = 0;
    while (true) {
      if (limit - at < 4) {
        throw refuse("the structure block has no end", at);
      }
      int token = word(at);
      int tokenAt = at;
      at += 4;
      switch (token) {
        case Fdt.BEGIN_NODE -> {
          if ((depth == 0 && count > 0) || depth == Fdt.MAX_DEPTH || count == Fdt.MAX_NODES) {
            throw refuse(depth == 0 ? "a second root" : "too many or too deep nodes", tokenAt);
          }
          at = afterName(at, limit);
          if (store) {
            offsets[count] = tokenAt;
            parents[count] = current;
            current = count;
          }
          count++;
          depth++;
          properties = true;
        }
        case Fdt.END_NODE -> {
          if (depth == 0) {
            throw refuse("a node ends that has not begun", tokenAt);
          }
          if (store) {
            ends[current] = count;
            current = parents[current];
          }
          depth--;
          properties = false;
        }
        case Fdt.PROPERTY -> {
          if (!properties) {
            throw refuse("a property follows a child node", tokenAt);
          }
          at = afterProperty(tokenAt, limit);
          if (store) {
            notePhandle(current, tokenAt);
          }
        }
        case Fdt.NOP -> {}
        case Fdt.END -> {
          if (depth != 0 || count == 0) {
            throw refuse("the structure block ends too early", tokenAt);
          }
          return;
        }
        default -> throw refuse("an unknown token", tokenAt);
      }
    }
  }

  /** Where the next token is after a node's name that begins at {@code at}. */
  @BootOnly
  private int afterName(int at, int limit) {
    int end = at;
    while (true) {
      if (end == limit || end - at > MAX_NAME) {
        throw refuse("a node's name has no end", at);
      }
      if (Memory.load8(header.address() + end) == 0) {
        lastName = at;
        return (end + 4) & -4;
      }
      end++;
    }
  }

  /** Where the next token is after the property whose token is at {@code at}. */
  @BootOnly
  private int afterProperty(int at, int limit) {
    int value = at + Fdt.PROPERTY_HEADER;
    if (limit - value < 0) {
      throw refuse("a property without a length", at);
    }
    int length = word(at + 4);
    if (length < 0 || length > limit - value) {
      throw refuse("a property that is longer than the tree", at);
    }
    int name = word(at + 8);
    int strings = header.stringsSize();
    int end = name;
    while (true) {
      if (end < 0 || end >= strings || end - name > MAX_NAME) {
        throw refuse("a property whose name is not in the strings block", at);
      }
      if (Memory.load8(header.address() + header.stringsOffset() + end) == 0) {
        return (value + length + 3) & -4;
      }
      end++;
    }
  }

  /** Keeps the value of {@code phandle}, or of the older {@code linux,phandle}. */
  private void notePhandle(int node, int at) {
    long name = header.address() + header.stringsOffset() + word(at + 8);
    if (word(at + 4) == 4 && (isString(name, "phandle") || isString(name, "linux,phandle"))) {
      phandles[node] = word(at + Fdt.PROPERTY_HEADER);
    }
  }

  private static boolean isString(long at, String expected) {
    for (int i = 0; i < expected.length(); i++) {
      if (Memory.load8(at + i) != expected.charAt(i)) {
        return false;
      }
    }
    return Memory.load8(at + expected.length()) == 0;
  }

  /** A complaint about the flat form, where no node can be named yet. */
  @BootOnly
  private BootException refuse(String reason, int offset) {
    BootMessage message = new BootMessage("device tree: malformed: ").text(reason);
    message.text(", at offset ").hex(offset);
    if (lastName != 0) {
      message.text(", in or after node '");
      for (int at = lastName; Memory.load8(header.address() + at) != 0; at++) {
        message.character(Memory.load8(header.address() + at));
      }
      message.text("'");
    }
    return new BootException(message);
  }

  private int word(int offset) {
    return Integer.reverseBytes(Memory.load32(header.address() + offset));
  }
}
