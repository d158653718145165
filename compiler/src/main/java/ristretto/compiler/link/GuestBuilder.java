package ristretto.compiler.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds a small guest from C and assembly with the same clang and lld as the hypervisor: {@code
 * *.c}, {@code *.S} and one {@code *.lds} of some directories become a flat arm64 Image that runs
 * at any address. No two files may have one name.
 */
public final class GuestBuilder {
  private static final List<String> FLAGS =
      List.of(
          "--target=aarch64-none-elf",
          "-march=armv8-a",
          "-O2",
          "-std=gnu17",
          "-Wall",
          "-Werror",
          "-ffreestanding",
          "-fno-builtin",
          "-fno-stack-protector",
          "-fpie",
          "-mgeneral-regs-only",
          "-mstrict-align",
          "-fno-ident");

  private GuestBuilder() {}

  /**
   * Builds {@code image} from the files of {@code sources}, each of which is searched for headers.
   *
   * @throws BuildException with the messages of the tool that failed
   */
  public static void build(Toolchain toolchain, List<Path> sources, Path image) {
    try {
      Path work = Files.createTempDirectory("ristretto-guest-");
      try {
        List<String> flags = new ArrayList<>(FLAGS);
        sources.forEach(directory -> flags.add("-I" + directory.toAbsolutePath()));
        List<String> objects = new ArrayList<>();
        for (Path file : files(sources, ".c", ".S")) {
          String object = file.getFileName() + ".o";
          List<String> arguments = new ArrayList<>(flags);
          arguments.addAll(List.of("-c", file.toAbsolutePath().toString(), "-o", object));
          toolchain.run(work, "", "clang", arguments);
          objects.add(object);
        }
        link(toolchain, work, objects, files(sources, ".lds").getFirst());
        Files.createDirectories(image.toAbsolutePath().getParent());
        Files.copy(work.resolve("guest.img"), image, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        FileTree.delete(work);
      }
    } catch (IOException e) {
      throw new BuildException("cannot build the guest in " + sources + ": " + e, e);
    }
  }

  private static void link(Toolchain toolchain, Path work, List<String> objects, Path script) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-pie", "--no-dynamic-linker", "-T", script.toAbsolutePath().toString()));
    arguments.addAll(objects);
    arguments.addAll(List.of("-o", "guest.elf"));
    toolchain.run(work, "", "ld.lld", arguments);
    toolchain.run(work, "", "llvm-objcopy", List.of("-O", "binary", "guest.elf", "guest.img"));
  }

  private static List<Path> files(List<Path> directories, String... suffixes) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path directory : directories) {
      try (Stream<Path> all = Files.list(directory)) {
        all.filter(file -> Stream.of(suffixes).anyMatch(file.toString()::endsWith))
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }
}
