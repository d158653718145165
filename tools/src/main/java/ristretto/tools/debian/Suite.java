package ristretto.tools.debian;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import ristretto.tools.host.ToolException;

/** A Debian release whose kernel and toolstack run on the hypervisor. */
public enum Suite {
  /** Debian 12: Linux 6.1, Xen 4.17. */
  BOOKWORM("4.17"),
  /** Debian 13: Linux 6.12, Xen 4.20. */
  TRIXIE("4.20");

  private final String xenVersion;

  Suite(String xenVersion) {
    this.xenVersion = xenVersion;
  }

  /** The suite as the archive names it. */
  public String codename() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The release of Xen whose toolstack the suite carries, as it appears in package names. */
  public String xenVersion() {
    return xenVersion;
  }

  public static Suite of(String codename) {
    for (Suite suite : values()) {
      if (suite.codename().equals(codename)) {
        return suite;
      }
    }
    String known = Arrays.stream(values()).map(Suite::codename).collect(Collectors.joining(", "));
    throw new ToolException("no suite '" + codename + "'", "use one of: " + known);
  }

  @Override
  public String toString() {
    return codename();
  }
}
