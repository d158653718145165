package ristretto.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.Project;

/** Documents that the code cites are in the repository, and say what they are cited for. */
class CitationsTest {
  private static final Path HOME = Project.current().home();
  private static final List<String> MODULES =
      List.of("machine", "sim", "hypervisor", "compiler", "tools", "tests");

  /** A citation may go over the end of a comment's line. */
  private static final String GAP = "[\\s*/]+";

  private static final Pattern CITED_RULES =
      Pattern.compile(("SECURITY" + GAP + "rules?" + GAP + "(\\d+)(?:, (\\d+))*(?: and (\\d+))?"));

  private static final Pattern RULE = Pattern.compile("(?m)^\\| (\\d+) \\| ");
  private static final Pattern DOCUMENT = Pattern.compile("\\b(?:docs/[\\w/-]+|[A-Z]+)\\.md\\b");

  /** What some of the sources were planned by, which nobody has who clones this. */
  private static final Pattern ELSEWHERE =
      Pattern.compile("\\b(?:DESIGN|STYLE|COMPILER)(?:\\b[,.]?" + GAP + "(?:section|part|\"))");

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : MODULES) {
      Files.walkFileTree(
          HOME.resolve(module + "/src"),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(".java") || file.toString().endsWith(".S")) {
                sources.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    }
    assertTrue(sources.size() > 500, "there are more");
    return sources;
  }

  @Test
  void everyRuleOfSecurityThatIsCitedIsThere() throws IOException {
    String document = Files.readString(HOME.resolve("docs/security-rules.md"));
    Set<String> rules =
        RULE.matcher(document).results().map(rule -> rule.group(1)).collect(Collectors.toSet());
    int cited = 0;
    for (Path source : sources()) {
      Matcher citation = CITED_RULES.matcher(Files.readString(source));
      for (; citation.find(); cited++) {
        for (int group = 1; group <= citation.groupCount(); group++) {
          String rule = citation.group(group);
          assertTrue(rule == null || rules.contains(rule), source + " cites rule " + rule);
        }
      }
    }
    assertTrue(cited > 30, "they are cited in another form now");
  }

  @Test
  void everyDocumentThatIsCitedIsThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (Path source : sources()) {
      String text = Files.readString(source);
      DOCUMENT
          .matcher(text)
          .results()
          .filter(name -> !Files.exists(HOME.resolve(name.group())))
          .forEach(name -> missing.add(source + ": " + name.group()));
      ELSEWHERE.matcher(text).results().forEach(name -> missing.add(source + ": " + name.group()));
    }
    assertEquals(Set.of(), missing);
  }
}
