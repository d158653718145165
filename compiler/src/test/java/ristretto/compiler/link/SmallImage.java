package ristretto.compiler.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A hand-written image: what the front end would have made of two Java methods. */
final class SmallImage {
  static final String C =
      """
      typedef struct { unsigned id, length; int data[]; } Ints;
      int counter;
      #line 10 "demo/Table.java"
      static inline int at(Ints* a, int i) { if ((unsigned) i >= a->length) { __asm__ volatile("brk #1"); __builtin_unreachable(); } return a->data[i]; }
      #line 20 "demo/Table.java"
      __attribute__((noinline)) int Table_pair(Ints* a, int i) {
        return at(a, i) + at(a, i + 1); }
      #line 30 "demo/Main.java"
      int Main_trap(Ints* a, int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) sum += Table_pair(a, i);
        counter += sum;
        return at(a, sum); }
      """;

  static final String ASSEMBLY =
      """
      #include "constants.h"
      .section .head, "ax"
        b entry
        .long 0
        .quad 0
        .quad _image_size
        .quad 0xa
        .quad 0, 0, 0
        .ascii "ARM\\x64"
        .long 0
      .text
      .globl entry
      .type entry, %function
      entry:
        mov x1, #Limits_LARGEST
        bl Main_trap
        b entry
      .size entry, . - entry
      .section .stacks, "aw", %nobits
        .space 4096
      """;

  static final String CONSTANTS = "#define Limits_LARGEST 42\n";

  static final List<CFunction> FUNCTIONS =
      List.of(
          new CFunction("Main_trap", "demo.Main.trap", List.of("Table_pair", "at"), true),
          new CFunction("Table_pair", "demo.Table.pair", List.of("at"), false),
          new CFunction("at", "demo.Table.at", List.of(), false));

  private SmallImage() {}

  static ImageSource source(Path directory) throws IOException {
    return source(directory, C);
  }

  static ImageSource source(Path directory, String c) throws IOException {
    Path assembly = Files.createDirectories(directory.resolve("asm"));
    Files.writeString(assembly.resolve("entry.S"), ASSEMBLY);
    return new ImageSource(c, CONSTANTS, FUNCTIONS, List.of(assembly));
  }

  static Path build(Path directory) throws IOException {
    Path output = Files.createDirectories(directory.resolve("out"));
    new ImageBuilder(Toolchain.bundled(), source(directory), output, "small").build(4096, false);
    return output;
  }
}
