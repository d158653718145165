package ristretto.compiler;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line's options.
 *
 * @param classes directories with the class files of the closed world
 * @param assembly directories with assembly files
 * @param output where the image goes
 * @param name of the image in {@code output}
 * @param stackLimit bytes of stack that a trap may use
 * @param keep leaves the intermediate files
 * @param toolchain directory of another clang and lld; null is the pinned one
 */
record Options(
    List<Path> classes,
    List<Path> assembly,
    Path output,
    String name,
    long stackLimit,
    boolean keep,
    @Nullable Path toolchain) {

  static final String USAGE =
      """
      usage: java ristretto.compiler.Main --classes DIR... --asm DIR... --output DIR
               [--name NAME] [--stack-limit BYTES] [--keep] [--toolchain DIR]
        --classes DIR       class files of the image; may be repeated
        --asm DIR           assembly files; may be repeated
        --output DIR        receives NAME, NAME.elf, NAME.map, NAME.c, NAME.stack.txt
        --name NAME         default xen
        --stack-limit BYTES default 12288: 16 KiB less 4 KiB in reserve
        --keep              keep the intermediate files in NAME.build
        --toolchain DIR     a directory with clang, ld.lld and the llvm tools, 19 or newer\
      """;

  /** A per-CPU stack of 16 KiB, less what the fault handler needs on top. */
  private static final long DEFAULT_STACK_LIMIT = 16384 - 4096;

  Path image() {
    return output.resolve(name);
  }

  static Options parse(String[] arguments) throws UsageException {
    List<Path> classes = new ArrayList<>();
    List<Path> assembly = new ArrayList<>();
    Path output = null;
    String name = "xen";
    long stackLimit = DEFAULT_STACK_LIMIT;
    boolean keep = false;
    Path toolchain = null;
    for (int i = 0; i < arguments.length; i++) {
      String option = arguments[i];
      if (option.equals("--keep")) {
        keep = true;
        continue;
      }
      if (++i == arguments.length) {
        throw new UsageException(option + " needs a value, or is not an option");
      }
      String value = arguments[i];
      switch (option) {
        case "--classes" -> classes.add(directory(value));
        case "--asm" -> assembly.add(directory(value));
        case "--output" -> output = Path.of(value);
        case "--name" -> name = value;
        case "--stack-limit" -> stackLimit = number(value);
        case "--toolchain" -> toolchain = directory(value);
        default -> throw new UsageException("no option " + option);
      }
    }
    if (classes.isEmpty() || output == null) {
      throw new UsageException("--classes and --output are needed");
    }
    return new Options(classes, assembly, output, name, stackLimit, keep, toolchain);
  }

  private static Path directory(String value) throws UsageException {
    Path path = Path.of(value);
    if (!Files.exists(path)) {
      throw new UsageException("no such directory: " + value);
    }
    return path.toAbsolutePath();
  }

  private static long number(String value) throws UsageException {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new UsageException("not a number: " + value);
    }
  }

  /** The command line cannot be understood. */
  static final class UsageException extends Exception {
    UsageException(String message) {
      super(message);
    }
  }
}
