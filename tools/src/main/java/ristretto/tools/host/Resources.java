package ristretto.tools.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The files of this tool's own resources that go into the systems it makes. */
public final class Resources {
  private Resources() {}

  /**
   * The text of one of them.
   *
   * @param name for instance "dom0/init"
   */
  public static String text(String name) {
    try (InputStream in = Resources.class.getResourceAsStream("/ristretto/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ToolException("cannot read the resource " + name, e);
    }
  }
}
