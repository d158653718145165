package ristretto.tools.board;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import ristretto.tools.source.Position;

/** A property of a node. */
public final class Property {
  private static final int CELL = Integer.BYTES;

  private final String name;
  private final byte[] bytes;
  private final Position position;

  Property(String name, byte[] value, Position position) {
    this.name = name;
    this.bytes = value;
    this.position = position;
  }

  /** The same one, written somewhere. */
  Property at(Position place) {
    return new Property(name, bytes, place);
  }

  public String name() {
    return name;
  }

  public Position position() {
    return position;
  }

  public int cellCount() {
    return bytes.length / CELL;
  }

  /** A big-endian word of it. */
  public int cell(int index) {
    int at = index * CELL;
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  /** A number of {@code cells} words from {@code index} on; the upper ones of three are dropped. */
  public long number(int index, int cells) {
    long value = 0;
    for (int i = 0; i < cells; i++) {
      value = value << Integer.SIZE | Integer.toUnsignedLong(cell(index + i));
    }
    return value;
  }

  /** The first string. */
  public String text() {
    List<String> strings = strings();
    return strings.isEmpty() ? "" : strings.getFirst();
  }

  public List<String> strings() {
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    if (all.isEmpty()) {
      return List.of();
    }
    return List.of(
        all.substring(0, all.endsWith("\0") ? all.length() - 1 : all.length()).split("\0", -1));
  }

  /** Whether it looks like strings: printable, and each one ended. */
  public boolean isText() {
    if (bytes.length == 0 || bytes[bytes.length - 1] != 0 || bytes[0] == 0) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      boolean end = bytes[i] == 0;
      if (end ? i > 0 && bytes[i - 1] == 0 : bytes[i] < ' ' || bytes[i] > '~') {
        return false;
      }
    }
    return true;
  }

  /** Its value as a source file writes it; empty for a property without one. */
  public String source() {
    if (bytes.length == 0) {
      return "";
    }
    if (isText()) {
      StringBuilder text = new StringBuilder();
      for (String string : strings()) {
        text.append(text.isEmpty() ? "\"" : ", \"");
        text.append(string.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
      return text.toString();
    }
    if (bytes.length % CELL != 0) {
      return "[" + HexFormat.ofDelimiter(" ").formatHex(bytes) + "]";
    }
    StringBuilder cells = new StringBuilder();
    for (int i = 0; i < cellCount(); i++) {
      cells.append(cells.isEmpty() ? "<" : " ").append("0x").append(Integer.toHexString(cell(i)));
    }
    return cells.append('>').toString();
  }
}
