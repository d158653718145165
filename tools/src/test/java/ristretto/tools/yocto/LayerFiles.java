package ristretto.tools.yocto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ristretto.tools.host.Project;

/** The files of meta-ristretto, as far as they can be read without bitbake. */
final class LayerFiles {
  /** {@code name() { ... }}, ended by a brace in the first column. */
  private static final Pattern FUNCTION =
      Pattern.compile("^(\\w+)\\(\\) \\{\\n.*?^}$", Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern COMMENT = Pattern.compile("^#.*$", Pattern.MULTILINE);

  private LayerFiles() {}

  static Path layer() {
    return Project.current().home().resolve("meta-ristretto");
  }

  /** What bitbake parses, but for layer.conf. */
  static List<Path> recipes() throws IOException {
    return named("bb|bbappend|inc");
  }

  static List<Path> named(String endings) throws IOException {
    Pattern name = Pattern.compile(".*\\.(" + endings + ")");
    try (Stream<Path> files = Files.walk(layer())) {
      return files.filter(file -> name.matcher(file.toString()).matches()).sorted().toList();
    }
  }

  /** The text without lines of comment. */
  static String code(Path file) throws IOException {
    return COMMENT.matcher(Files.readString(file)).replaceAll("");
  }

  static List<String> functions(Path file) throws IOException {
    return FUNCTION.matcher(Files.readString(file)).results().map(MatchResult::group).toList();
  }

  /** What the first group of a pattern finds in a file. */
  static Set<String> all(Path file, String pattern) throws IOException {
    Set<String> found = new TreeSet<>();
    Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(code(file))
        .results()
        .forEach(match -> found.add(match.group(1)));
    return found;
  }
}
