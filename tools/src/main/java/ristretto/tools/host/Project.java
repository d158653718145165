package ristretto.tools.host;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checked-out project that the tool belongs to. */
public record Project(Path home) {
  /** Set by the script ./ristretto. */
  private static final String HOME_PROPERTY = "ristretto.home";

  /** The project of the script that started us, or the one around the current directory. */
  public static Project current() {
    String home = System.getProperty(HOME_PROPERTY);
    if (home != null) {
      return new Project(Path.of(home));
    }
    for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
      if (Files.isExecutable(path.resolve("ristretto")) && Files.exists(path.resolve("pom.xml"))) {
        return new Project(path);
      }
    }
    throw new ToolException("not inside a checkout of Ristretto", "start ./ristretto of one");
  }

  /** The hypervisor's image: always here. Its ELF with symbols is beside it. */
  public Path image() {
    return home.resolve("out/xen");
  }

  public Path elf() {
    return home.resolve("out/xen.elf");
  }

  /** The classes of a module. */
  public Path classes(String module) {
    return home.resolve(module).resolve("target/classes");
  }
}
