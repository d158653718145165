package ristretto.fdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compiles device tree source of the plain kind, so that tests need no dtc: nodes, labels, memory
 * reservations, properties of cells, references ({@code <&label 1>}), strings.
 */
public final class TreeSource {
  private static final int ROOM = 0x4_0000;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|/\\*.*?\\*/|//[^\n]*|(\"[^\"]*\"|[{};=<>]|/memreserve/|/dts-v1/|[^\\s{};=<>\"]+)",
          Pattern.DOTALL);

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> phandles = new HashMap<>();
  private int at;

  private TreeSource(String source) {
    Matcher matcher = TOKEN.matcher(source);
    while (matcher.find()) {
      String token = matcher.group(1);
      if (token != null) {
        tokens.add(token);
        if (token.endsWith(":")) {
          phandles.putIfAbsent(token.substring(0, token.length() - 1), phandles.size() + 1);
        }
      }
    }
  }

  /** The blob of {@code source}. */
  public static byte[] compile(String source) {
    StrictMemory memory = new StrictMemory(new byte[ROOM]);
    int size = memory.call(() -> new TreeSource(source).write());
    return memory.read(StrictMemory.BASE, size);
  }

  private int write() {
    FdtWriter writer = new FdtWriter(StrictMemory.BASE, ROOM, null);
    expect("/dts-v1/");
    expect(";");
    while (peek().equals("/memreserve/")) {
      next();
      writer.reserve(Long.decode(next()), Long.decode(next()));
      expect(";");
    }
    expect("/");
    node(writer, "", 0);
    return writer.finish();
  }

  private void node(FdtWriter writer, String name, int phandle) {
    expect("{");
    writer.beginNode(name);
    if (phandle != 0) {
      writer.property("phandle").cell(phandle);
    }
    while (!peek().equals("}")) {
      String token = next();
      if (token.endsWith(":")) {
        node(writer, next(), phandle(token.substring(0, token.length() - 1)));
      } else if (peek().equals("{")) {
        node(writer, token, 0);
      } else {
        property(writer, token);
      }
    }
    next();
    expect(";");
    writer.endNode();
  }

  private void property(FdtWriter writer, String name) {
    writer.property(name);
    for (String token = next(); !token.equals(";"); token = next()) {
      if (token.startsWith("\"")) {
        writer.string(token.substring(1, token.length() - 1));
      } else if (token.equals("<")) {
        for (String cell = next(); !cell.equals(">"); cell = next()) {
          writer.cell(
              cell.startsWith("&") ? phandle(cell.substring(1)) : (int) (long) Long.decode(cell));
        }
      }
    }
  }

  private int phandle(String label) {
    return phandles.getOrDefault(label, 0);
  }

  private String peek() {
    return tokens.get(at);
  }

  private String next() {
    return tokens.get(at++);
  }

  private void expect(String token) {
    String found = next();
    if (!found.equals(token)) {
      throw new IllegalArgumentException("expected " + token + ", found " + found);
    }
  }
}
