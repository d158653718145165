package ristretto.compiler.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a shared library for the host that needs no header and no library of it: what the source
 * declares is found in the process that loads it.
 */
public final class PluginBuilder {
  private static final List<String> FLAGS =
      List.of(
          "-O2",
          "-std=gnu17",
          "-Wall",
          "-Werror",
          "-ffreestanding",
          "-fPIC",
          "-fvisibility=hidden",
          "-fno-stack-protector");

  private PluginBuilder() {}

  /**
   * Builds {@code library} from one C file.
   *
   * @throws BuildException with the messages of the tool that failed
   */
  public static void build(Toolchain toolchain, Path source, Path library) {
    Path target = library.toAbsolutePath();
    Path work = target.resolveSibling(".");
    Path object = target.resolveSibling(target.getFileName() + ".o");
    try {
      Files.createDirectories(work);
      List<String> compile = new ArrayList<>(FLAGS);
      compile.addAll(List.of("-c", source.toAbsolutePath().toString(), "-o", object.toString()));
      toolchain.run(work, "", "clang", compile);
      toolchain.run(
          work, "", "ld.lld", List.of("-shared", "-o", target.toString(), object.toString()));
      Files.delete(object);
    } catch (IOException e) {
      throw new BuildException("cannot build the plugin " + source + ": " + e, e);
    }
  }
}
