package ristretto.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ristretto.tools.debian.Suite;

/**
 * Commands with what they must print, in sections. The resource {@code xl.txt} explains its own
 * notation.
 */
final class XlScript {
  private static final Pattern TAGGED = Pattern.compile("\\[(4\\.\\d+|xen|ours)\\] (.*)");
  private static final Pattern TOKEN = Pattern.compile("<([\\w|]+)>|[ \\t]+|[^<\\s]+|<");

  private final Map<String, List<Step>> sections = new LinkedHashMap<>();

  /**
   * A command and its output.
   *
   * @param repeated may take a few attempts
   * @param expected the lines that count for this release and hypervisor
   */
  record Step(String command, boolean repeated, List<String> expected) {
    boolean wantsHypervisorLines() {
      return expected.stream().anyMatch(line -> line.startsWith("(XEN)"));
    }

    boolean matches(String output) {
      StringBuilder whole = new StringBuilder();
      for (String line : expected) {
        whole.append(line.equals("...") ? "(?:.*\n)*?" : expression(line) + "\\s*\n");
      }
      return output.matches(whole.toString());
    }

    private static String expression(String line) {
      StringBuilder expression = new StringBuilder("\\s*");
      Matcher tokens = TOKEN.matcher(line);
      while (tokens.find()) {
        String name = tokens.group(1);
        if (name != null) {
          expression.append(placeholder(name));
        } else if (tokens.group().isBlank()) {
          expression.append("\\s+");
        } else {
          expression.append(Pattern.quote(tokens.group()));
        }
      }
      // A placeholder for text may stand for none, with no space before it.
      return expression.toString().replace("\\s+.*", "\\s*.*");
    }

    private static String placeholder(String name) {
      return switch (name) {
        case "n", "id" -> "\\d+";
        case "s" -> "\\d+\\.\\d+";
        case "state" -> "[-rbpscd]{3,6}";
        case "paused" -> "-[-b]p---";
        case "word" -> "\\S+";
        case "text" -> ".*";
        default -> {
          if (!name.contains("|")) {
            throw new IllegalArgumentException("no placeholder <" + name + ">");
          }
          yield "(?:" + name + ")"; // letters and digits, no other operator
        }
      };
    }
  }

  private XlScript() {}

  /** Reads what counts of a script for a suite, under the hypervisor that runs. */
  static XlScript read(String name, Suite suite) {
    return of(text(name), Set.of(suite.xenVersion(), Systems.ours() ? "ours" : "xen"));
  }

  /** The script as it is written. */
  static String text(String name) {
    try (InputStream in = XlScript.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no script " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes from a text what counts.
   *
   * @param tags the release, and "xen" or "ours"
   */
  static XlScript of(String text, Set<String> tags) {
    XlScript script = new XlScript();
    List<Step> steps = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.startsWith("#") || line.isBlank()) {
        continue; // blank lines of a command's output do not count
      }
      Tagged tagged = Tagged.of(line);
      if (line.startsWith("== ")) {
        steps = new ArrayList<>();
        script.sections.put(line.substring(3), steps);
      } else if (tagged.line().startsWith("$")) {
        boolean repeated = tagged.line().startsWith("$~");
        expected = new ArrayList<>(); // what a command prints that does not count is not kept
        if (tags.containsAll(tagged.tags())) {
          steps.add(new Step(tagged.line().substring(repeated ? 3 : 2), repeated, expected));
        }
      } else if (tags.containsAll(tagged.tags())) {
        expected.add(tagged.line());
      }
    }
    return script;
  }

  /** A line, and what is said before it of when it counts. */
  record Tagged(Set<String> tags, String line) {
    static Tagged of(String line) {
      Set<String> tags = new HashSet<>();
      String rest = line;
      for (Matcher tagged = TAGGED.matcher(rest); tagged.matches(); tagged = TAGGED.matcher(rest)) {
        tags.add(tagged.group(1));
        rest = tagged.group(2);
      }
      return new Tagged(tags, rest);
    }
  }

  List<Step> section(String name) {
    List<Step> steps = sections.get(name);
    if (steps == null) {
      throw new IllegalArgumentException("no section " + name);
    }
    return steps;
  }
}
