package ristretto.compiler;

import java.nio.file.Path;
import ristretto.compiler.link.BuildException;
import ristretto.compiler.link.PluginBuilder;
import ristretto.compiler.link.Toolchain;

/** {@code PluginMain SOURCE LIBRARY}: builds a plugin of QEMU for this host. */
public final class PluginMain {
  private PluginMain() {}

  public static void main(String[] arguments) {
    if (arguments.length != 2) {
      System.err.println("usage: PluginMain SOURCE LIBRARY");
      System.exit(2);
    }
    try {
      PluginBuilder.build(Toolchain.bundled(), Path.of(arguments[0]), Path.of(arguments[1]));
    } catch (BuildException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
