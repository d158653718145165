package ristretto.tools.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the host keeps its programs: Debian's folders, whatever PATH says. A user's PATH has no
 * sbin, and depmod and mke2fs are there.
 */
final class Programs {
  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/local/sbin"),
          Path.of("/usr/local/bin"),
          Path.of("/usr/sbin"),
          Path.of("/usr/bin"),
          Path.of("/sbin"),
          Path.of("/bin"));

  private Programs() {}

  static Optional<Path> find(String name) {
    return find(name, FOLDERS);
  }

  static Optional<Path> find(String name, List<Path> folders) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The path that PATH of a child is set to, so that what it starts itself is found, too. */
  static String searchPath(String ofThisProcess) {
    StringBuilder path = new StringBuilder(ofThisProcess);
    List<String> had = List.of(ofThisProcess.split(":", -1));
    for (Path folder : FOLDERS) {
      if (!had.contains(folder.toString())) {
        path.append(path.isEmpty() ? "" : ":").append(folder);
      }
    }
    return path.toString();
  }
}
