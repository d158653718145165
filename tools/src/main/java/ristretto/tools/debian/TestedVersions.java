package ristretto.tools.debian;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Progress;
import ristretto.tools.host.ToolException;

/**
 * The versions that the tests were run with, one a line: suite, package, version. A mirror has the
 * newest version alone, so nothing can be pinned to them; but whoever runs others is told.
 */
public record TestedVersions(Suite suite, Map<String, String> versions) {
  /** Where the file is in a checkout; it is a resource of this module. */
  private static final String FILE = "tools/src/main/resources/ristretto/debian/tested-versions";

  private static final String RESOURCE = "/ristretto/debian/tested-versions";

  private static final String HEADING =
      "# Suite, package, version of what ./ristretto test was run with. See CONTRIBUTING.md,"
          + " \"Debian's packages\".\n";

  /** A package that is not the one that was tested. An empty version: there is none. */
  public record Difference(String name, String tested, String here) {
    @Override
    public String toString() {
      if (tested.isEmpty()) {
        return name + " " + here + " is new";
      }
      return here.isEmpty()
          ? name + " (tested: " + tested + ") is gone"
          : name + " is now " + here + " (tested: " + tested + ")";
    }
  }

  /** What the project's own tests used. */
  public static TestedVersions of(Suite suite) {
    try (InputStream in = TestedVersions.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + RESOURCE);
      }
      return parse(suite, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ToolException("cannot read " + RESOURCE, e);
    }
  }

  static TestedVersions parse(Suite suite, String text) {
    Map<String, String> versions = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[0].equals(suite.codename())) {
        versions.put(words[1], words[2]);
      }
    }
    return new TestedVersions(suite, versions);
  }

  /**
   * Records the packages in the cache.
   *
   * @param home of the checkout
   * @return the file
   */
  public static Path write(Path home, Cache cache, Progress progress) {
    StringBuilder text = new StringBuilder(HEADING);
    for (Suite suite : Suite.values()) {
      text.append(lines(suite, new PackageStore(cache, progress, suite).packages().all()));
    }
    try {
      return Files.writeString(home.resolve(FILE), text);
    } catch (IOException e) {
      throw new ToolException("cannot write " + home.resolve(FILE), e);
    }
  }

  /** The lines for these packages. */
  static String lines(Suite suite, List<DebianPackage> packages) {
    StringBuilder text = new StringBuilder();
    for (DebianPackage entry : packages) {
      text.append(suite).append(' ').append(name(entry)).append(' ');
      text.append(entry.version()).append('\n');
    }
    return text.toString();
  }

  /** How these packages differ from the tested ones. */
  public List<Difference> differences(List<DebianPackage> packages) {
    Map<String, String> left = new LinkedHashMap<>(versions);
    List<Difference> found = new ArrayList<>();
    for (DebianPackage entry : packages) {
      String tested = left.remove(name(entry));
      if (!entry.version().equals(tested)) {
        found.add(new Difference(name(entry), tested == null ? "" : tested, entry.version()));
      }
    }
    left.forEach((name, tested) -> found.add(new Difference(name, tested, "")));
    return found;
  }

  /** The kernel's package has its version in its name; it is the same package all the same. */
  private static String name(DebianPackage entry) {
    return entry.name().replaceFirst("^linux-image-\\d.*-arm64$", "linux-image-arm64");
  }
}
