package ristretto.tools.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A binary package as an archive's signed list describes it. */
record DebianPackage(String name, String version, String architecture, long size, String sha256) {
  /** The name under which `apt-get download` stores it: the epoch's colon is escaped. */
  String fileName() {
    return name + "_" + version.replace(":", "%3a") + "_" + architecture + ".deb";
  }

  /** One line of a manifest. */
  String line() {
    return name + " " + version + " " + architecture + " " + size + " " + sha256;
  }

  static DebianPackage ofLine(String line) {
    String[] words = line.split(" ", -1);
    return new DebianPackage(words[0], words[1], words[2], Long.parseLong(words[3]), words[4]);
  }

  /** Reads what `apt-cache show` prints: stanzas of fields. */
  static List<DebianPackage> parse(String text) {
    List<DebianPackage> found = new ArrayList<>();
    for (String stanza : AptSources.BLANK_LINE.split(text, 0)) {
      Map<String, String> fields = new TreeMap<>();
      for (String line : stanza.lines().toList()) {
        int colon = line.indexOf(": ");
        if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
          fields.putIfAbsent(line.substring(0, colon), line.substring(colon + 2).strip());
        }
      }
      if (fields.containsKey("Package")) {
        found.add(
            new DebianPackage(
                field(fields, "Package"),
                field(fields, "Version"),
                field(fields, "Architecture"),
                Long.parseLong(field(fields, "Size")),
                field(fields, "SHA256")));
      }
    }
    return List.copyOf(found);
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("a package without " + name + ": " + fields);
    }
    return value;
  }
}
