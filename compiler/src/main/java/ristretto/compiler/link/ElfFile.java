package ristretto.compiler.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What we read of a linked 64-bit little-endian ELF: sections and symbols. System V ABI, "Object
 * Files".
 */
final class ElfFile {
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_NOBITS = 8;
  private static final int SHF_ALLOC = 2;
  private static final int STT_FUNC = 2;
  private static final int SYMBOL_SIZE = 24;

  /** A section header. {@code link} is the index of the section that it refers to. */
  record Section(String name, int type, long flags, long address, int offset, long size, int link) {
    boolean isAllocated() {
      return (flags & SHF_ALLOC) != 0;
    }

    /** Bytes that it takes in the file. */
    long fileSize() {
      return type == SHT_NOBITS ? 0 : size;
    }
  }

  record Symbol(String name, long value, long size, boolean isFunction) {}

  private final ByteBuffer bytes;
  private final List<Section> sections = new ArrayList<>();

  private ElfFile(ByteBuffer bytes) {
    this.bytes = bytes;
    readSections();
  }

  static ElfFile read(Path file) {
    try {
      return of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new BuildException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static ElfFile of(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < 64 || bytes.getInt(0) != 0x464c457f || bytes.get(4) != 2) {
      throw new BuildException("not a 64-bit ELF file");
    }
    return new ElfFile(bytes);
  }

  List<Section> sections() {
    return sections;
  }

  Optional<Section> section(String name) {
    return sections.stream().filter(s -> s.name.equals(name)).findFirst();
  }

  byte[] contents(Section section) {
    byte[] contents = new byte[Math.toIntExact(section.fileSize())];
    bytes.get(section.offset, contents);
    return contents;
  }

  List<Symbol> symbols() {
    List<Symbol> symbols = new ArrayList<>();
    for (Section table : sections) {
      if (table.type != SHT_SYMTAB) {
        continue;
      }
      Section names = sections.get(table.link);
      for (long at = table.offset; at < table.offset + table.size; at += SYMBOL_SIZE) {
        int entry = Math.toIntExact(at);
        boolean isFunction = (bytes.get(entry + 4) & 0xf) == STT_FUNC;
        String name = string(names.offset + bytes.getInt(entry));
        symbols.add(
            new Symbol(name, bytes.getLong(entry + 8), bytes.getLong(entry + 16), isFunction));
      }
    }
    return symbols;
  }

  /** The value of a symbol. */
  long value(String symbol) {
    return symbols().stream()
        .filter(s -> s.name.equals(symbol))
        .findFirst()
        .orElseThrow(() -> new BuildException("no symbol " + symbol + " in the image"))
        .value;
  }

  private void readSections() {
    int headers = Math.toIntExact(bytes.getLong(40));
    int headerSize = bytes.getShort(58);
    int count = bytes.getShort(60);
    int namesAt = Math.toIntExact(bytes.getLong(headers + bytes.getShort(62) * headerSize + 24));
    for (int i = 0; i < count; i++) {
      int at = headers + i * headerSize;
      sections.add(
          new Section(
              string(namesAt + bytes.getInt(at)),
              bytes.getInt(at + 4),
              bytes.getLong(at + 8),
              bytes.getLong(at + 16),
              Math.toIntExact(bytes.getLong(at + 24)),
              bytes.getLong(at + 32),
              bytes.getInt(at + 40)));
    }
  }

  private String string(int at) {
    int end = at;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - at];
    bytes.get(at, text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
