package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;
import ristretto.tools.host.ToolException;

/** Modules of a person's own kernel, as its `make modules_install` has left them. */
final class OwnModules {
  /** One of these is in each such folder. */
  private static final List<String> PARTS = List.of("kernel", "modules.order", "modules.dep");

  /** What the card's programs and Dom0's modprobe look modules up in. */
  private static final List<String> LISTS = List.of("modules.dep", "modules.dep.bin");

  private OwnModules() {}

  /**
   * Copies them into a root. What leads out of them, to the kernel's sources, stays behind; the
   * lists of depmod are made where the build has not made them, as in a Debian package.
   *
   * @param modules lib/modules/VERSION
   * @param kernel an arm64 Image, not compressed
   * @param root takes the place of modules of the same version there
   * @return the folder in the root
   * @throws ToolException if it is no such folder, or another kernel's
   */
  static Path copy(Path modules, Path kernel, Path root) throws IOException {
    Path folder = modules.toRealPath();
    String version = folder.getFileName().toString();
    Optional<String> release = KernelFile.release(kernel);
    if (PARTS.stream().noneMatch(part -> Files.exists(folder.resolve(part)))) {
      throw new ToolException(
          "--modules: " + modules + " has none of " + String.join(", ", PARTS) + " in it",
          "give " + likely(folder, release.orElse("VERSION")));
    }
    if (release.isPresent() && !release.get().equals(version)) {
      throw new ToolException(
          "--modules: "
              + modules
              + " is of Linux "
              + version
              + ", and the kernel is Linux "
              + release.get(),
          "give lib/modules/" + release.get() + " of that kernel, or the kernel of these modules");
    }
    Path target = root.resolve("usr/lib/modules").resolve(version);
    Cache.delete(target); // a kernel of the same name as Debian's
    copyFiles(folder, target);
    if (!LISTS.stream().allMatch(list -> Files.exists(target.resolve(list)))) {
      Command.of("depmod", "-b", root.toString(), version).run();
    }
    return target;
  }

  /** Where the modules are if what was given is a folder around them. */
  private static String likely(Path folder, String release) {
    return Stream.of("lib/modules/", "modules/", "")
        .map(way -> folder.resolve(way + release))
        .filter(Files::isDirectory)
        .findFirst()
        .map(Path::toString)
        .orElse(
            "lib/modules/"
                + release
                + " of the INSTALL_MOD_PATH of the kernel's `make modules_install`");
  }

  private static void copyFiles(Path from, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(copy);
        } else if (!Files.isSymbolicLink(file)) {
          Files.copy(file, copy);
        }
      }
    }
  }
}
