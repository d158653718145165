package ristretto.tools.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ristretto.tools.host.ToolException;

/** The modules of a kernel and what each needs first: modules.dep(5) and modules.builtin(5). */
public final class KernelModules {
  private final Path directory;
  private final Map<String, String> pathOfName = new HashMap<>();
  private final Map<String, List<String>> needsOfPath = new HashMap<>();
  private final Set<String> builtIn;

  /**
   * Reads what depmod wrote.
   *
   * @param directory /lib/modules/VERSION of some root, after depmod
   */
  public KernelModules(Path directory) throws IOException {
    this(
        directory,
        Files.readAllLines(directory.resolve("modules.dep")),
        builtIn(directory.resolve("modules.builtin")));
  }

  private static List<String> builtIn(Path list) throws IOException {
    return Files.exists(list) ? Files.readAllLines(list) : List.of();
  }

  KernelModules(Path directory, List<String> dependencies, List<String> builtIn) {
    this.directory = directory;
    for (String line : dependencies) {
      int colon = line.indexOf(':');
      String path = line.substring(0, colon);
      String needs = line.substring(colon + 1).strip();
      pathOfName.put(name(path), path);
      needsOfPath.put(path, needs.isEmpty() ? List.of() : List.of(needs.split(" ", -1)));
    }
    this.builtIn = new LinkedHashSet<>(builtIn.stream().map(KernelModules::name).toList());
  }

  /**
   * The files to load for these modules, each after what it needs. Modules that are built into the
   * kernel need no file.
   *
   * @throws ToolException for a module that the kernel does not have
   */
  public List<Path> loadOrder(List<String> modules) {
    Set<String> order = new LinkedHashSet<>();
    for (String module : modules) {
      String path = pathOfName.get(module);
      if (path != null) {
        visit(path, order);
      } else if (!builtIn.contains(module)) {
        throw new ToolException("the kernel in " + directory + " has no module " + module);
      }
    }
    List<Path> files = new ArrayList<>();
    order.forEach(path -> files.add(directory.resolve(path)));
    return files;
  }

  /** Whether the kernel has a module, as a file or built in. */
  public boolean has(String module) {
    return pathOfName.containsKey(module) || builtIn.contains(module);
  }

  private void visit(String path, Set<String> order) {
    for (String need : needsOfPath.getOrDefault(path, List.of())) {
      visit(need, order);
    }
    order.add(path);
  }

  /**
   * "kernel/drivers/block/virtio_blk.ko.xz" is virtio_blk; the kernel takes '-' and '_' for the
   * same.
   */
  public static String name(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return file.replaceFirst("\\.ko(\\.\\w+)?$", "").replace('-', '_');
  }
}
