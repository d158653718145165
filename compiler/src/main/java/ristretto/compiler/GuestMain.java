package ristretto.compiler;

import java.nio.file.Path;
import ristretto.compiler.link.BuildException;
import ristretto.compiler.link.GuestBuilder;
import ristretto.compiler.link.Toolchain;

/** {@code GuestMain SOURCES IMAGE}: builds a guest of C and assembly for tests and measurements. */
public final class GuestMain {
  private GuestMain() {}

  public static void main(String[] arguments) {
    if (arguments.length != 2) {
      System.err.println("usage: GuestMain SOURCES IMAGE");
      System.exit(2);
    }
    try {
      GuestBuilder.build(Toolchain.bundled(), Path.of(arguments[0]), Path.of(arguments[1]));
    } catch (BuildException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
