package ristretto.compiler;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import ristretto.compiler.link.BuildException;
import ristretto.compiler.link.GuestBuilder;
import ristretto.compiler.link.Toolchain;

/**
 * {@code GuestMain SOURCES... IMAGE}: builds a guest of C and assembly for tests and measurements.
 */
public final class GuestMain {
  private GuestMain() {}

  public static void main(String[] arguments) {
    if (arguments.length < 2) {
      System.err.println("usage: GuestMain SOURCES... IMAGE");
      System.exit(2);
    }
    try {
      List<Path> paths = Arrays.stream(arguments).map(Path::of).toList();
      GuestBuilder.build(Toolchain.bundled(), paths.subList(0, paths.size() - 1), paths.getLast());
    } catch (BuildException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
