package ristretto.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ristretto.tools.host.ToolException;

/**
 * A line of the console and when it came, as bench/plugin/count.c notes it.
 *
 * @param all instructions executed since reset, before the line's first character
 * @param atEl2 those of them at EL2: the hypervisor's
 */
record Stamp(long all, long atEl2, String text) {
  private static final Pattern LINE = Pattern.compile("(\\d+) (\\d+) (.*)");

  /** Reads the plugin's file; what is not such a line is left out. */
  static List<Stamp> read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new ToolException("cannot read " + file, e);
    }
  }

  static List<Stamp> parse(String lines) {
    List<Stamp> stamps = new ArrayList<>();
    for (String line : lines.split("\n")) {
      Matcher match = LINE.matcher(line);
      if (match.matches()) {
        stamps.add(
            new Stamp(
                Long.parseLong(match.group(1)), Long.parseLong(match.group(2)), match.group(3)));
      }
    }
    return stamps;
  }
}
