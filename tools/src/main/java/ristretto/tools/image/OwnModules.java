package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import ristretto.tools.host.ToolException;

/** Modules of a person's own kernel, as its `make modules_install` has left them. */
final class OwnModules {
  private OwnModules() {}

  /**
   * Copies them into a root. What leads out of them, to the kernel's sources, stays behind.
   *
   * @param modules lib/modules/VERSION
   * @param kernel an arm64 Image, not compressed
   * @throws ToolException if it is no such folder, or another kernel's
   */
  static void copy(Path modules, Path kernel, Path root) throws IOException {
    String version = modules.toRealPath().getFileName().toString();
    if (!Files.exists(modules.resolve("modules.dep"))) {
      throw new ToolException(
          "--modules: there is no modules.dep in " + modules,
          "give lib/modules/VERSION of the INSTALL_MOD_PATH of `make modules_install`");
    }
    Optional<String> release = KernelFile.release(kernel);
    if (release.isPresent() && !release.get().equals(version)) {
      throw new ToolException(
          "--modules: these are of Linux " + version + ", and the kernel is " + release.get(),
          "give the folder lib/modules/" + release.get());
    }
    Path target = root.resolve("usr/lib/modules").resolve(version);
    try (Stream<Path> files = Files.walk(modules)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(modules.relativize(file).toString());
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(copy);
        } else if (!Files.isSymbolicLink(file)) {
          Files.copy(file, copy);
        }
      }
    }
  }
}
