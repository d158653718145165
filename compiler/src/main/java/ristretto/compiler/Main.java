package ristretto.compiler;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ristretto.compiler.link.BuildException;
import ristretto.compiler.link.CFunction;
import ristretto.compiler.link.Fingerprint;
import ristretto.compiler.link.ImageBuilder;
import ristretto.compiler.link.ImageSource;
import ristretto.compiler.link.Toolchain;

/**
 * The command line: class files and assembly in, image out. Builds only when something changed;
 * what the outputs were made from is kept beside them in {@code NAME.stamp}.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments, System.out, System.err));
  }

  /** Exit status 0 when the image is up to date, 1 when it cannot be built, 2 for bad usage. */
  static int run(String[] arguments, PrintStream out, PrintStream err) {
    try {
      Options options = Options.parse(arguments);
      out.println(build(options) ? "built " + options.image() : options.image() + " is up to date");
      return 0;
    } catch (Options.UsageException e) {
      err.println(e.getMessage());
      err.println(Options.USAGE);
      return 2;
    } catch (BuildException | CompileError e) {
      err.println(e.getMessage());
      return 1;
    } catch (IOException e) {
      err.println("cannot build: " + e);
      return 1;
    }
  }

  /** Returns false when the image was up to date already. */
  static boolean build(Options options) throws IOException {
    Toolchain toolchain =
        options.toolchain() == null ? Toolchain.bundled() : Toolchain.at(options.toolchain());
    String fingerprint =
        new Fingerprint()
            .addAll(options.classes(), ".class")
            .addAll(options.assembly(), ".S", ".h", ".inc")
            .add(ownCode(), ".class", ".h", ".properties")
            .add(toolchain.version())
            .add(options.name() + " " + options.stackLimit())
            .hex();
    Path stamp = options.output().resolve(options.name() + ".stamp");
    if (Files.exists(stamp)
        && Files.exists(options.image())
        && Files.readString(stamp).equals(fingerprint)) {
      return false;
    }
    Files.createDirectories(options.output());
    Files.deleteIfExists(stamp);
    ImageSource source = translate(options);
    new ImageBuilder(toolchain, source, options.output(), options.name())
        .build(options.stackLimit(), options.keep());
    Files.writeString(stamp, fingerprint);
    return true;
  }

  private static ImageSource translate(Options options) {
    Translation translation = Translator.translate(options.classes());
    List<CFunction> functions =
        translation.callGraph().functions().stream()
            .map(f -> new CFunction(f.name(), f.javaName(), f.callees(), f.trapRoot()))
            .toList();
    return new ImageSource(
        translation.c(), translation.constantsHeader(), functions, options.assembly());
  }

  /** The compiler is an input too: the directory or jar of its classes. */
  private static Path ownCode() {
    try {
      return Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
