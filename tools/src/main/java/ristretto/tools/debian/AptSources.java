package ristretto.tools.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ristretto.tools.host.ToolException;

/**
 * The package sources of the host's apt, read so that everything else comes from the same mirror.
 * Both formats of sources.list(5): "THE DEB822-STYLE FORMAT" and "ONE-LINE-STYLE FORMAT".
 */
public record AptSources(List<Source> sources) {
  /** Overrides the mirror: for a host that is not a Debian, or whose mirror is not reachable. */
  public static final String MIRROR_VARIABLE = "RISTRETTO_MIRROR";

  private static final Set<String> DEBIAN_SUITES =
      Set.of("bookworm", "trixie", "forky", "sid", "oldstable", "stable", "testing", "unstable");

  static final Pattern BLANK_LINE = Pattern.compile("\n\\s*\n");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  /** One archive. */
  public record Source(List<String> uris, List<String> suites, List<String> components) {}

  /** Reads the files that apt reads. */
  public static AptSources ofHost() {
    return read(Path.of("/etc/apt"));
  }

  static AptSources read(Path apt) {
    List<Source> found = new ArrayList<>();
    try {
      Path main = apt.resolve("sources.list");
      if (Files.isReadable(main)) {
        found.addAll(parseLines(Files.readString(main)));
      }
      Path parts = apt.resolve("sources.list.d");
      if (Files.isDirectory(parts)) {
        try (Stream<Path> files = Files.list(parts)) {
          for (Path file : files.sorted().toList()) {
            String name = file.getFileName().toString();
            if (name.endsWith(".list")) {
              found.addAll(parseLines(Files.readString(file)));
            } else if (name.endsWith(".sources")) {
              found.addAll(parseStanzas(Files.readString(file)));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new ToolException("cannot read apt's sources in " + apt, e);
    }
    return new AptSources(List.copyOf(found));
  }

  /**
   * The address of the mirror: that of the first source with a whole Debian suite (no updates, no
   * security, no backports) and the component main.
   */
  public String debianMirror() {
    String chosen = System.getenv(MIRROR_VARIABLE);
    if (chosen != null && !chosen.isBlank()) {
      return chosen.strip();
    }
    return findMirror()
        .orElseThrow(() ->
            new ToolException(
                "apt's sources on this machine name no Debian mirror",
                "set " + MIRROR_VARIABLE + " to the address of one"));
  }

  Optional<String> findMirror() {
    return sources.stream()
        .filter(source -> source.components().contains("main"))
        .filter(source -> source.suites().stream().anyMatch(DEBIAN_SUITES::contains))
        .flatMap(source -> source.uris().stream())
        .findFirst();
  }

  /** Whether a suite is among the sources, for instance "bookworm-backports". */
  public boolean hasSuite(String name) {
    return sources.stream().anyMatch(source -> source.suites().contains(name));
  }

  static List<Source> parseStanzas(String text) {
    List<Source> found = new ArrayList<>();
    for (String stanza : BLANK_LINE.split(text, 0)) {
      Map<String, String> fields = fields(stanza);
      boolean enabled = !fields.getOrDefault("enabled", "yes").equalsIgnoreCase("no");
      if (enabled && words(fields.get("types")).contains("deb")) {
        found.add(
            new Source(
                words(fields.get("uris")),
                words(fields.get("suites")),
                words(fields.get("components"))));
      }
    }
    return found;
  }

  private static Map<String, String> fields(String stanza) {
    Map<String, String> fields = new TreeMap<>();
    String name = "";
    for (String line : stanza.lines().toList()) {
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      int colon = line.indexOf(':');
      if (Character.isWhitespace(line.charAt(0))) {
        fields.merge(name, line.strip(), (before, more) -> before + " " + more);
      } else if (colon > 0) {
        name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        fields.put(name, line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  static List<Source> parseLines(String text) {
    List<Source> found = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String bare = line.replaceFirst("#.*", "").replaceFirst("\\[[^]]*]", " ").strip();
      List<String> words = words(bare);
      if (words.size() >= 3 && words.getFirst().equals("deb")) {
        found.add(
            new Source(
                List.of(words.get(1)), List.of(words.get(2)), words.subList(3, words.size())));
      }
    }
    return found;
  }

  private static List<String> words(@Nullable String text) {
    return text == null || text.isBlank() ? List.of() : List.of(SPACES.split(text.strip(), 0));
  }
}
