package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.Project;

/** docs/xl.md says of the scripts what is so, and all that differs from Xen on purpose. */
class XlDocumentTest {
  private static final Path HOME = Project.current().home();
  private static final List<String> SCRIPTS = scripts();

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| (.+) \\|$");
  private static final Pattern SECTIONS = Pattern.compile("`(\\w+\\.txt)`: (.+)");
  private static final Pattern SOURCE = Pattern.compile("`(\\w+)`");
  private static final Pattern DIFFERENCE = Pattern.compile("(?m)^- `(\\w+\\.txt)`, `(.+?)`: \\S");
  private static final Pattern COMMAND = Pattern.compile("\\bxl(?: -v+)? ([a-z][a-z0-9-]*)");

  private String document = "";

  /** All that are there: what docs/xl.md calls the scripts. */
  private static List<String> scripts() {
    Path folder = HOME.resolve("tests/src/test/resources/ristretto/system");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".txt"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void read() throws IOException {
    document = Files.readString(HOME.resolve("docs/xl.md"));
  }

  /** What stands under a heading. */
  private String part(String heading) {
    int start = document.indexOf("\n## " + heading + "\n");
    assertTrue(start >= 0, heading);
    int end = document.indexOf("\n## ", start + 1);
    return document.substring(start, end < 0 ? document.length() : end);
  }

  @Test
  void commandsRunWhereItSays() throws IOException {
    List<MatchResult> rows = ROW.matcher(part("Which test runs which command")).results().toList();
    assertTrue(rows.size() > 40, "the table has another form now");
    for (MatchResult row : rows) {
      for (String place : row.group(2).split(";", -1)) {
        assertRuns(row.group(1), place.strip());
      }
    }
  }

  /** A place is sections of a script, or a class; whatever else it may be is a mistake. */
  private static void assertRuns(String command, String place) throws IOException {
    Matcher sections = SECTIONS.matcher(place);
    Matcher source = SOURCE.matcher(place);
    if (sections.matches()) {
      for (String section : sections.group(2).split(",", -1)) {
        assertRuns(command, sections.group(1), section.strip());
      }
    } else {
      assertTrue(source.matches(), () -> command + ": what is " + place + "?");
      String path = "tests/src/test/java/ristretto/system/" + source.group(1) + ".java";
      assertTrue(Files.readString(HOME.resolve(path)).contains('"' + command), place);
    }
  }

  @Test
  void aPlaceInAnotherNotationIsAMistake() {
    for (String place : List.of("`xl.text`: dom0", "xl.txt: dom0", "somewhere", "`xl.txt`", "")) {
      assertThrows(AssertionError.class, () -> assertRuns("xl list", place), place);
    }
  }

  private static void assertRuns(String command, String script, String section) {
    String all =
        XlScript.of(XlScript.text(script), Set.of("4.17", "4.20", "xen", "ours"))
            .section(section)
            .stream()
            .map(XlScript.Step::command)
            .collect(Collectors.joining("\n"));
    boolean runs =
        Pattern.compile("\\b" + Pattern.quote(command) + "(?![\\w-])").matcher(all).find();
    assertTrue(runs, () -> command + " is not in " + script + ": " + section + "\n" + all);
  }

  @Test
  void everyTestForOursAloneIsNamed() throws IOException {
    String named = part("What does not run under real Xen");
    try (Stream<Path> files = Files.list(HOME.resolve("tests/src/test/java/ristretto/system"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString().replace(".java", "");
        if (Files.readString(file).contains("Systems.onlyOurs(\"")) {
          assertTrue(named.contains('`' + name), name);
        }
      }
    }
  }

  @Test
  void everyCommandOfTheScriptsIsInTheTable() {
    Set<String> told = new TreeSet<>();
    ROW.matcher(part("Which test runs which command"))
        .results()
        .forEach(row -> addCommands(row.group(1), told));
    Set<String> run = new TreeSet<>();
    for (String script : SCRIPTS) {
      XlScript.text(script)
          .lines()
          .filter(line -> line.contains("$ ") || line.contains("$~ "))
          .forEach(line -> addCommands(line, run));
    }
    run.remove("nonsense"); // which xl does not have
    run.removeAll(told);
    assertEquals(Set.of(), run);
  }

  private static void addCommands(String text, Set<String> commands) {
    COMMAND.matcher(text).results().forEach(command -> commands.add(command.group(1)));
  }

  @Test
  void everyDifferenceIsGivenItsReason() {
    Set<String> told = new TreeSet<>();
    for (MatchResult difference : DIFFERENCE.matcher(document).results().toList()) {
      told.add(difference.group(1) + ", " + difference.group(2));
    }
    Set<String> marked = new TreeSet<>();
    SCRIPTS.forEach(script -> addMarked(script, marked));
    assertEquals(marked, told);
  }

  /** Adds the commands that are marked, or of whose output a line is, as for one hypervisor. */
  private static void addMarked(String script, Set<String> marked) {
    String command = "";
    for (String line : XlScript.text(script).lines().toList()) {
      XlScript.Tagged tagged = XlScript.Tagged.of(line);
      if (tagged.line().startsWith("$")) {
        command = tagged.line().substring(tagged.line().indexOf(' ') + 1);
      }
      if (tagged.tags().contains("ours") || tagged.tags().contains("xen")) {
        marked.add(script + ", " + command);
      }
    }
  }
}
