package ristretto.compiler.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ristretto.compiler.link.ElfFile.Section;

/**
 * Compiles, assembles and links one image. Writes {@code NAME} (the arm64 Image, Linux,
 * Documentation/arch/arm64/booting.rst), {@code NAME.elf} with debug information, {@code NAME.map},
 * {@code NAME.c} and {@code NAME.stack.txt}.
 *
 * <p>Every tool runs inside one working directory with relative names, so that no path of the
 * building machine gets into the image or its debug information.
 */
public final class ImageBuilder {
  private static final List<String> TARGET =
      List.of("--target=aarch64-none-elf", "-march=armv8-a", "-g", "-fdebug-compilation-dir=.");

  /**
   * Java's semantics (wrap-around, aliasing, null checks by fault), EL2's (no FP registers, no
   * library) and what backtraces need. Leaf functions keep no frame: their return address is still
   * in x30, which the symbol table knows from the asynchronous unwind tables.
   */
  private static final List<String> C_FLAGS =
      List.of(
          "-Os", // inlines what is small; what else is worth it says @Inline
          "-mllvm",
          "-inlinehint-threshold=3000", // as good as always, but into code that is to be small
          "-mcmodel=tiny", // ADR instead of ADRP and ADD: what C refers to is less than 1 MiB away
          "-std=gnu17",
          "-mgeneral-regs-only",
          "-mno-outline-atomics",
          "-mno-outline", // an outlined sequence has no frame and no line
          "-ffreestanding",
          "-fno-builtin",
          "-fwrapv",
          "-fno-strict-aliasing",
          "-fno-delete-null-pointer-checks",
          "-fno-finite-loops",
          "-fno-omit-frame-pointer",
          "-momit-leaf-frame-pointer",
          "-fasynchronous-unwind-tables",
          "-fforce-dwarf-frame",
          "-fno-stack-protector",
          "-fno-ident",
          "-fstack-usage",
          "-Wno-everything",
          "-Werror=unknown-attributes", // preserve_none decides where arguments are
          "-Werror=ignored-attributes",
          "-Werror=return-type",
          "-Werror=uninitialized",
          "-Werror=int-conversion",
          "-Werror=incompatible-pointer-types");

  private final Toolchain toolchain;
  private final ImageSource source;
  private final String name;
  private final Path output;
  private final Path work;

  /** Prepares a build of {@code output/name}. */
  public ImageBuilder(Toolchain toolchain, ImageSource source, Path output, String name) {
    this.toolchain = toolchain;
    this.source = source;
    this.output = output;
    this.name = name;
    this.work = output.resolve(name + ".build").toAbsolutePath();
  }

  /**
   * Builds the image.
   *
   * @param stackLimit bytes of stack that a trap may use
   * @param keep leaves the working directory {@code NAME.build}
   * @throws BuildException when a tool fails or the stack bound is above the limit
   */
  public void build(long stackLimit, boolean keep) {
    try {
      FileTree.delete(work);
      Files.createDirectories(work);
      Files.writeString(output.resolve(name + ".c"), source.c());
      List<String> objects = new ArrayList<>();
      objects.addAll(assemble());
      objects.add(compile());
      String stack =
          new StackBound(source.functions(), Files.readString(work.resolve(name + ".su")))
              .check(stackLimit);
      link(objects);
      publish(stack);
      if (!keep) {
        FileTree.delete(work);
      }
    } catch (IOException e) {
      throw new BuildException("cannot write to " + output + ": " + e, e);
    }
  }

  private String compile() throws IOException {
    String object = name + ".o";
    Files.writeString(work.resolve(name + ".c"), source.c());
    clang(C_FLAGS, List.of("-c", name + ".c", "-o", object));
    return object;
  }

  private List<String> assemble() throws IOException {
    Files.writeString(work.resolve("constants.h"), source.constantsHeader());
    Map<String, Path> files = new LinkedHashMap<>();
    for (Path directory : source.assembly()) {
      try (Stream<Path> entries = Files.list(directory)) {
        for (Path file : entries.sorted().toList()) {
          if (files.put(file.getFileName().toString(), file) != null) {
            throw new BuildException("two assembly files are named " + file.getFileName());
          }
        }
      }
    }
    List<String> objects = new ArrayList<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      Files.copy(file.getValue(), work.resolve(file.getKey()));
    }
    for (String file : files.keySet()) {
      if (file.endsWith(".S")) {
        clang(List.of("-I."), List.of("-c", file, "-o", file + ".o"));
        objects.add(file + ".o");
      }
    }
    return objects;
  }

  private void clang(List<String> flags, List<String> rest) {
    List<String> arguments = new ArrayList<>(TARGET);
    arguments.addAll(flags);
    arguments.addAll(rest);
    toolchain.run(work, "", "clang", arguments);
  }

  /** Links twice: the symbol table needs the addresses of the first, and moves only data. */
  private void link(List<String> objects) throws IOException {
    Files.writeString(work.resolve("image.lds"), LinkerScript.text());
    lld(objects, "first.elf", "first.map");
    Path first = work.resolve("first.elf");
    Map<String, String> javaNames = new LinkedHashMap<>();
    source.functions().forEach(f -> javaNames.put(f.symbol(), f.javaName()));
    byte[] table = SymbolTable.encode(new CodeMap(toolchain, first).places(), javaNames);
    Files.write(work.resolve("symbols.bin"), table);
    Files.writeString(
        work.resolve("symbols.S"), ".section .symbols, \"a\"\n.incbin \"symbols.bin\"\n");
    toolchain.run(
        work,
        "",
        "clang",
        List.of("--target=aarch64-none-elf", "-c", "symbols.S", "-o", "symbols.o"));
    List<String> all = new ArrayList<>(objects);
    all.add("symbols.o");
    lld(all, name + ".elf", name + ".map");
    verify(ElfFile.read(first), ElfFile.read(work.resolve(name + ".elf")));
    toolchain.run(work, "", "llvm-objcopy", List.of("-O", "binary", name + ".elf", name));
  }

  private void lld(List<String> objects, String elf, String map) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of("-T", "image.lds", "--build-id=sha1", "-z", "max-page-size=4096", "--no-relax"));
    arguments.addAll(List.of("-Map=" + map, "-e", "_text_start", "-o", elf));
    arguments.addAll(objects);
    toolchain.run(work, "", "ld.lld", arguments);
  }

  private static void verify(ElfFile first, ElfFile second) {
    for (Section section : second.sections()) {
      if (section.isAllocated() && !LinkerScript.SECTIONS.contains(section.name())) {
        throw new BuildException("the linker script does not place section " + section.name());
      }
    }
    long before = first.section(".text").orElseThrow().size();
    long after = second.section(".text").orElseThrow().size();
    if (before != after) {
      throw new BuildException("the symbol table moved the code it describes");
    }
  }

  private void publish(String stack) throws IOException {
    Files.writeString(output.resolve(name + ".stack.txt"), stack);
    for (String suffix : List.of("", ".elf", ".map")) {
      Files.move(
          work.resolve(name + suffix),
          output.resolve(name + suffix),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
