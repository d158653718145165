package ristretto.tools.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The operating system of the host: os-release(5). */
record OsRelease(String id, String codename) {
  static OsRelease ofHost() {
    try {
      return parse(Files.readString(Path.of("/etc/os-release")));
    } catch (IOException e) {
      return new OsRelease("", "");
    }
  }

  static OsRelease parse(String text) {
    return new OsRelease(value(text, "ID"), value(text, "VERSION_CODENAME"));
  }

  private static String value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1).replace("\"", ""))
        .findFirst()
        .orElse("");
  }
}
