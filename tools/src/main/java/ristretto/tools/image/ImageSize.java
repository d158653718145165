package ristretto.tools.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ristretto.tools.host.ToolException;

/**
 * What of an ELF file is loaded, section by section. System V ABI, "Object Files", "Sections".
 *
 * @param sections those that have bytes in the file and take memory
 */
public record ImageSize(List<Section> sections) {
  /** Names and source lines of methods, read when a backtrace is printed and at no other time. */
  public static final String SYMBOLS = ".symbols";

  private static final int MAGIC = 0x464c457f;
  private static final int HEADER_BYTES = 64;
  private static final int SECTION_TABLE_OFFSET = 40;
  private static final int SECTION_ENTRY_SIZE = 58;
  private static final int SECTION_COUNT = 60;
  private static final int NAMES_INDEX = 62;
  private static final int SHT_NOBITS = 8;
  private static final long SHF_ALLOC = 2;

  /** A section's name and its bytes. */
  public record Section(String name, long bytes) {}

  /** Reads the section headers of a 64-bit little-endian ELF file. */
  public static ImageSize read(Path elf) {
    try {
      return of(ByteBuffer.wrap(Files.readAllBytes(elf)));
    } catch (IOException | IllegalArgumentException e) {
      throw new ToolException("cannot read the sections of " + elf + ": " + e.getMessage());
    }
  }

  static ImageSize of(ByteBuffer file) {
    file.order(ByteOrder.LITTLE_ENDIAN);
    if (file.limit() < HEADER_BYTES || file.getInt(0) != MAGIC) {
      throw new IllegalArgumentException("not an ELF file");
    }
    int table = Math.toIntExact(file.getLong(SECTION_TABLE_OFFSET));
    int entrySize = file.getShort(SECTION_ENTRY_SIZE);
    int names = Math.toIntExact(file.getLong(table + file.getShort(NAMES_INDEX) * entrySize + 24));
    List<Section> found = new ArrayList<>();
    for (int i = 0; i < file.getShort(SECTION_COUNT); i++) {
      int entry = table + i * entrySize;
      boolean loaded = (file.getLong(entry + 8) & SHF_ALLOC) != 0;
      if (loaded && file.getInt(entry + 4) != SHT_NOBITS) {
        found.add(new Section(text(file, names + file.getInt(entry)), file.getLong(entry + 32)));
      }
    }
    return new ImageSize(List.copyOf(found));
  }

  /** Code, constants and initialised data: everything but the symbols. Bytes. */
  public long textAndData() {
    return sections.stream()
        .filter(section -> !section.name().equals(SYMBOLS))
        .mapToLong(Section::bytes)
        .sum();
  }

  private static String text(ByteBuffer file, int at) {
    int end = at;
    while (file.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    file.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
