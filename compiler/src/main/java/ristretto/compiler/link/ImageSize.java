package ristretto.compiler.link;

import java.nio.file.Path;
import java.util.Locale;

/**
 * How large a linked image is, by what its parts are for, in bytes.
 *
 * @param text instructions
 * @param constants what code reads and nothing changes
 * @param data what has a value from the start and can change
 * @param cleared memory that the image takes but the file does not: .bss and the stacks
 * @param symbols names and lines for backtraces; part of the file, read when a fault is reported
 */
public record ImageSize(long text, long constants, long data, long cleared, long symbols) {
  /** Reads the section headers of {@code NAME.elf}. */
  public static ImageSize of(Path elf) {
    ElfFile file = ElfFile.read(elf);
    return new ImageSize(
        size(file, ".text"),
        size(file, ".rodata"),
        size(file, ".data"),
        size(file, ".bss") + size(file, ".stacks"),
        size(file, ".symbols"));
  }

  private static long size(ElfFile file, String section) {
    return file.section(section).map(ElfFile.Section::size).orElse(0L);
  }

  /** The program without what helps to debug it: text, constants and data. */
  public long program() {
    return text + constants + data;
  }

  /** One line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "text %.1f KB + constants %.1f KB + data %.1f KB = %.1f KB; symbols %.1f KB, cleared %.1f KB",
        kilobytes(text),
        kilobytes(constants),
        kilobytes(data),
        kilobytes(program()),
        kilobytes(symbols),
        kilobytes(cleared));
  }

  private static double kilobytes(long bytes) {
    return bytes / 1024.0;
  }
}
