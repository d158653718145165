package ristretto.compiler.link;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ristretto.compiler.link.CodeMap.Frame;
import ristretto.compiler.link.CodeMap.Place;

/**
 * The section {@code .symbols}: code address to the Java methods and lines that it comes from,
 * inlined ones included. Read in the image by {@code ristretto.core.trap.Symbols}.
 *
 * <p>Little-endian; "number" is an unsigned LEB128. Offsets count from the table's start.
 *
 * <pre>
 * u32 magic "RSYM"
 * u32 function count, u32 offset of functions, u32 offset of methods, u32 offset of strings
 * functions, by address:  u32 code offset from the start of the text, u32 offset of its stream
 * methods:                u16 class, u16 method, u16 file: indices of strings; class may be empty
 * strings:                u32 offset of the characters, one more for the end; then the characters
 * stream of a function:
 *   number of nodes; node: number parent, number method, number line of the call in the parent
 *   number of records; record: number head, [number node], zigzag number line difference
 *   head: (words from the previous record, the first from the function's start) &lt;&lt; 2
 *         | return address still in x30 &lt;&lt; 1 | node differs from the previous record's
 * </pre>
 *
 * A record holds from its address to the next one's. Node 0 is the function itself; every other is
 * a method inlined into its parent, which has a smaller index. Before the first record node and
 * line are 0.
 */
final class SymbolTable {
  static final int MAGIC = 0x4d595352;
  static final int HEADER_SIZE = 20;

  private record Method(int className, int name, int file) {}

  private record Node(int parent, int method, int callLine) {}

  private record Row(int offset, int node, int line, boolean inLinkRegister) {}

  private final Map<String, String> javaNames;
  private final Map<String, Integer> strings = new LinkedHashMap<>();
  private final Map<Method, Integer> methods = new LinkedHashMap<>();
  private final ByteArrayOutputStream streams = new ByteArrayOutputStream();
  private final List<Integer> functionStarts = new ArrayList<>();
  private final List<Integer> streamStarts = new ArrayList<>();

  private SymbolTable(Map<String, String> javaNames) {
    this.javaNames = javaNames;
  }

  /**
   * Encodes {@code places}, which are sorted by offset.
   *
   * @param javaNames {@code package.Class.method} by C name; other functions keep their own names
   */
  static byte[] encode(List<Place> places, Map<String, String> javaNames) {
    SymbolTable table = new SymbolTable(javaNames);
    int from = 0;
    for (int to = 1; to <= places.size(); to++) {
      if (to == places.size() || places.get(to).function() != places.get(from).function()) {
        table.addFunction(places.subList(from, to));
        from = to;
      }
    }
    return table.assemble();
  }

  private void addFunction(List<Place> places) {
    int start = places.getFirst().function();
    Map<Node, Integer> nodes = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    for (Place place : places) {
      List<Frame> frames = written(place.frames());
      int node = node(frames, nodes);
      int line = frames.getFirst().line();
      Row row = new Row(place.offset(), node, line, place.returnInLinkRegister());
      if (rows.isEmpty() || !sameExceptOffset(rows.getLast(), row)) {
        rows.add(row);
      }
    }
    functionStarts.add(start);
    streamStarts.add(streams.size());
    number(nodes.size());
    for (Node node : nodes.keySet()) {
      number(node.parent);
      number(node.method);
      number(node.callLine);
    }
    writeRows(start, rows);
  }

  /**
   * The frames that somebody wrote. The translator's own helpers (dispatch, division, allocation)
   * have no line of a Java file; they show only where there is nothing else.
   */
  private List<Frame> written(List<Frame> frames) {
    List<Frame> written =
        frames.stream()
            .filter(f -> javaNames.containsKey(f.function()) || !f.file().endsWith(".c"))
            .toList();
    return written.isEmpty() ? frames : written;
  }

  private void writeRows(int start, List<Row> rows) {
    number(rows.size());
    Row previous = new Row(start, 0, 0, false);
    for (Row row : rows) {
      boolean changed = row.node != previous.node;
      int words = (row.offset - previous.offset) / 4;
      number(words << 2 | (row.inLinkRegister ? 2 : 0) | (changed ? 1 : 0));
      if (changed) {
        number(row.node);
      }
      int difference = row.line - previous.line;
      number(difference << 1 ^ difference >> 31);
      previous = row;
    }
  }

  private static boolean sameExceptOffset(Row a, Row b) {
    return a.node == b.node && a.line == b.line && a.inLinkRegister == b.inLinkRegister;
  }

  /** The node of the innermost frame; adds it and those that it is inlined into. */
  private int node(List<Frame> frames, Map<Node, Integer> nodes) {
    int node = 0;
    int callLine = 0;
    for (Frame frame : frames.reversed()) {
      Node key = new Node(node, method(frame), callLine);
      node = nodes.computeIfAbsent(key, k -> nodes.size());
      callLine = frame.line();
    }
    return node;
  }

  private int method(Frame frame) {
    String name = javaNames.getOrDefault(frame.function(), frame.function());
    int dot = name.lastIndexOf('.');
    Method method =
        new Method(
            string(name.substring(0, Math.max(dot, 0))),
            string(name.substring(dot + 1)),
            string(frame.file()));
    return methods.computeIfAbsent(method, m -> methods.size());
  }

  private int string(String text) {
    int index = strings.computeIfAbsent(text, t -> strings.size());
    if (index > 0xffff) {
      throw new BuildException("more than 65536 names in the symbol table");
    }
    return index;
  }

  private void number(int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      streams.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    streams.write(rest);
  }

  private byte[] assemble() {
    int functionsAt = HEADER_SIZE;
    int methodsAt = functionsAt + functionStarts.size() * 8;
    int stringsAt = (methodsAt + methods.size() * 6 + 3) & ~3;
    int charactersAt = stringsAt + (strings.size() + 1) * 4;
    int characters =
        strings.keySet().stream().mapToInt(s -> s.getBytes(StandardCharsets.UTF_8).length).sum();
    int streamsAt = charactersAt + characters;
    ByteBuffer out = ByteBuffer.allocate(streamsAt + streams.size()).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(functionStarts.size());
    out.putInt(functionsAt).putInt(methodsAt).putInt(stringsAt);
    for (int i = 0; i < functionStarts.size(); i++) {
      out.putInt(functionStarts.get(i)).putInt(streamsAt + streamStarts.get(i));
    }
    for (Method method : methods.keySet()) {
      out.putShort((short) method.className);
      out.putShort((short) method.name).putShort((short) method.file);
    }
    out.position(stringsAt);
    int at = charactersAt;
    for (String text : strings.keySet()) {
      out.putInt(at);
      at += text.getBytes(StandardCharsets.UTF_8).length;
    }
    out.putInt(at);
    for (String text : strings.keySet()) {
      out.put(text.getBytes(StandardCharsets.UTF_8));
    }
    out.put(streams.toByteArray());
    return out.array();
  }
}
