package ristretto.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A flattened device tree, read by other code than the hypervisor's, so that one can be held
 * against the other. Devicetree Specification, "Flattened Devicetree (DTB) Format".
 */
public final class DeviceTree {
  private static final int BEGIN_NODE = 1;
  private static final int END_NODE = 2;
  private static final int PROPERTY = 3;
  private static final int NOP = 4;

  /** Address and size in bytes, as the CPUs see it. */
  public record Region(long base, long size) {}

  /** A node with its properties. */
  public static final class Node {
    public final String name;
    public final @Nullable Node parent;
    public final List<Node> children = new ArrayList<>();
    private final Map<String, byte[]> properties = new LinkedHashMap<>();

    private Node(String name, @Nullable Node parent) {
      this.name = name;
      this.parent = parent;
    }

    public boolean has(String property) {
      return properties.containsKey(property);
    }

    public byte[] bytes(String property) {
      return properties.getOrDefault(property, new byte[0]);
    }

    /** A list of cells; empty without the property. */
    public int[] cells(String property) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes(property));
      int[] cells = new int[buffer.remaining() / 4];
      buffer.asIntBuffer().get(cells);
      return cells;
    }

    public int cell(String property, int otherwise) {
      int[] cells = cells(property);
      return cells.length == 0 ? otherwise : cells[0];
    }

    /** A list of strings; empty without the property. */
    public List<String> strings(String property) {
      String all = new String(bytes(property), StandardCharsets.UTF_8);
      return all.isEmpty() ? List.of() : List.of(all.split("\0", 0));
    }

    public String string(String property) {
      List<String> strings = strings(property);
      return strings.isEmpty() ? "" : strings.getFirst();
    }

    public boolean isCompatible(String with) {
      return strings("compatible").contains(with);
    }

    /** No node from here up to the root is disabled. */
    public boolean isEnabled() {
      String status = string("status");
      Node above = parent;
      return (status.isEmpty() || status.equals("okay") || status.equals("ok"))
          && (above == null || above.isEnabled());
    }

    public String path() {
      Node above = parent;
      return above == null ? "" : above.path() + "/" + name;
    }

    private int addressCells() {
      return cell("#address-cells", 2);
    }

    private int sizeCells() {
      return cell("#size-cells", 1);
    }

    /** {@code reg} as the CPUs see it; empty if no CPU can address it. */
    public List<Region> registers() {
      List<Region> regions = new ArrayList<>();
      Node bus = parent;
      if (bus == null || !has("reg") || bus.sizeCells() == 0) {
        return regions;
      }
      int[] cells = cells("reg");
      int entry = bus.addressCells() + bus.sizeCells();
      for (int at = 0; at + entry <= cells.length; at += entry) {
        long base = bus.toCpu(number(cells, at, bus.addressCells()));
        if (base != -1) {
          regions.add(new Region(base, number(cells, at + bus.addressCells(), bus.sizeCells())));
        }
      }
      return regions;
    }

    /** What the CPUs call an address of this bus; -1 if they cannot reach it. */
    private long toCpu(long address) {
      Node above = parent;
      if (above == null) {
        return address;
      }
      if (!has("ranges")) {
        return -1;
      }
      int[] ranges = cells("ranges");
      if (ranges.length == 0) {
        return above.toCpu(address);
      }
      int entry = addressCells() + above.addressCells() + sizeCells();
      for (int at = 0; at + entry <= ranges.length; at += entry) {
        long offset = address - number(ranges, at, addressCells());
        long base = number(ranges, at + addressCells(), above.addressCells());
        long size = number(ranges, at + entry - sizeCells(), sizeCells());
        if (Long.compareUnsigned(offset, size) < 0) {
          return above.toCpu(base + offset);
        }
      }
      return -1;
    }

    /** This node and all below it. */
    public Stream<Node> all() {
      return Stream.concat(Stream.of(this), children.stream().flatMap(Node::all));
    }

    @Override
    public String toString() {
      return path().isEmpty() ? "/" : path();
    }
  }

  private final Node root;
  private final Map<Integer, Node> phandles = new HashMap<>();

  public DeviceTree(byte[] blob) {
    ByteBuffer buffer = ByteBuffer.wrap(blob);
    int structure = buffer.getInt(8);
    int strings = buffer.getInt(12);
    Deque<Node> open = new ArrayDeque<>();
    Node first = null;
    buffer.position(structure);
    do {
      switch (buffer.getInt()) {
        case BEGIN_NODE -> {
          Node above = open.peek();
          Node node = new Node(text(blob, buffer.position()), above);
          skip(buffer, node.name.length() + 1);
          if (above != null) {
            above.children.add(node);
          }
          first = first == null ? node : first;
          open.push(node);
        }
        case END_NODE -> open.pop();
        case PROPERTY -> {
          byte[] value = new byte[buffer.getInt()];
          String name = text(blob, strings + buffer.getInt());
          buffer.get(buffer.position(), value);
          skip(buffer, value.length);
          Objects.requireNonNull(open.peek()).properties.put(name, value);
        }
        case NOP -> {}
        default -> throw new IllegalArgumentException("not a device tree");
      }
    } while (!open.isEmpty());
    root = Objects.requireNonNull(first);
    root.all()
        .filter(node -> node.has("phandle"))
        .forEach(node -> phandles.put(node.cell("phandle", 0), node));
  }

  private static String text(byte[] blob, int at) {
    int end = at;
    while (blob[end] != 0) {
      end++;
    }
    return new String(blob, at, end - at, StandardCharsets.UTF_8);
  }

  private static void skip(ByteBuffer buffer, int length) {
    buffer.position(buffer.position() + (length + 3 & -4));
  }

  private static long number(int[] cells, int at, int count) {
    long number = 0;
    for (int i = 0; i < count; i++) {
      number = number << 32 | Integer.toUnsignedLong(cells[at + i]);
    }
    return number;
  }

  public Node root() {
    return root;
  }

  /** The node at a full path, each name with its unit address. */
  public @Nullable Node find(String path) {
    return root.all().filter(node -> node.path().equals(path)).findFirst().orElse(null);
  }

  /** The node at a full path, which is there. */
  public Node node(String path) {
    return Objects.requireNonNull(find(path), path);
  }

  /** All nodes compatible with {@code what}, in the tree's order. */
  public List<Node> compatible(String what) {
    return root.all().filter(node -> node.isCompatible(what)).toList();
  }

  public Node byPhandle(int phandle) {
    return Objects.requireNonNull(phandles.get(phandle), () -> "phandle " + phandle);
  }

  /**
   * The interrupts of {@code node} at the GIC: INTID in the lower 16 bits, the flags above; empty
   * if another controller takes them.
   */
  public List<Integer> interrupts(Node node) {
    List<Integer> found = new ArrayList<>();
    if (!isAtGic(node)) {
      return found;
    }
    int[] cells = node.cells("interrupts");
    for (int at = 0; at + 3 <= cells.length; at += 3) {
      int intid = cells[at + 1] + (cells[at] == 0 ? 32 : 16);
      found.add(intid | (cells[at + 2] & 0xf) << 16);
    }
    return found;
  }

  private boolean isAtGic(Node node) {
    for (Node at = node; at != null; at = at.parent) {
      if (at.has("interrupt-parent")) {
        return byPhandle(at.cell("interrupt-parent", 0)).cell("#interrupt-cells", 0) == 3;
      }
      if (at != node && at.has("interrupt-controller")) {
        return at.cell("#interrupt-cells", 0) == 3;
      }
    }
    return false;
  }

  /** A list of references, each as the target's first register or name and the other cells. */
  public List<String> references(Node node, String property, String cellsProperty) {
    List<String> found = new ArrayList<>();
    int[] cells = node.cells(property);
    for (int at = 0; at < cells.length; ) {
      Node target = byPhandle(cells[at++]);
      List<Region> registers = target.registers();
      StringBuilder text =
          new StringBuilder(
              registers.isEmpty() ? target.name : "0x%x".formatted(registers.getFirst().base()));
      for (int i = target.cell(cellsProperty, 0); i > 0; i--) {
        text.append(' ').append(cells[at++]);
      }
      found.add(text.toString());
    }
    return found;
  }
}
