package ristretto.compiler.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The executables in the Maven artifact {@code org.bytedeco:llvm}, extracted once into the user's
 * cache directory. Maven fetches the jar as a dependency of this module and verifies it; this class
 * finds it in Maven's local repository.
 */
final class BundledLlvm {
  private static final String INSIDE = "org/bytedeco/llvm/linux-x86_64/";

  private static final List<String> EXECUTABLES =
      List.of(
          "clang",
          "lld",
          "llvm-objcopy",
          "llvm-objdump",
          "llvm-symbolizer",
          "llvm-dwarfdump",
          "llvm-readobj",
          "llvm-nm");

  private static final List<String> LIBRARIES = List.of("libLLVM.so", "libclang-cpp.so");

  private BundledLlvm() {}

  static Toolchain install() {
    if (!System.getProperty("os.arch").equals("amd64")) {
      throw new BuildException(
          "the pinned LLVM exists for x86-64 Linux only; name a clang with --toolchain DIR");
    }
    Properties properties = properties();
    String version = properties.getProperty("version");
    Path target = cacheDirectory().resolve("ristretto").resolve("llvm-" + version);
    if (!Files.isDirectory(target)) {
      extract(jar(properties, version), target);
    }
    return new Toolchain(target.resolve("bin"), "org.bytedeco:llvm:" + version);
  }

  private static Properties properties() {
    Properties properties = new Properties();
    try (InputStream in = BundledLlvm.class.getResourceAsStream("llvm.properties")) {
      if (in == null) {
        throw new BuildException("llvm.properties is missing beside the compiler's classes");
      }
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path cacheDirectory() {
    String configured = System.getenv("XDG_CACHE_HOME");
    return configured == null || configured.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache")
        : Path.of(configured);
  }

  private static Path jar(Properties properties, String version) {
    Path jar =
        Path.of(
            properties.getProperty("repository"),
            "org/bytedeco/llvm",
            version,
            "llvm-" + version + "-linux-x86_64.jar");
    if (!Files.isRegularFile(jar)) {
      throw new BuildException(
          "LLVM is not in Maven's repository: " + jar + "\nbuild with mvn first");
    }
    return jar;
  }

  /** Extracts beside {@code target} and renames, so that a half-extracted one is never used. */
  private static void extract(Path jar, Path target) {
    System.err.println("extracting clang and lld to " + target + " (once)");
    try {
      Files.createDirectories(target.getParent());
      Path partial = Files.createTempDirectory(target.getParent(), "llvm-partial-");
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        Path bin = Files.createDirectories(partial.resolve("bin"));
        Path lib = Files.createDirectories(partial.resolve("lib"));
        for (String name : EXECUTABLES) {
          copy(zip, INSIDE + name, bin.resolve(name));
          if (!bin.resolve(name).toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + name + " executable");
          }
        }
        Files.createSymbolicLink(bin.resolve("ld.lld"), Path.of("lld"));
        for (String name : LIBRARIES) {
          copy(zip, INSIDE + name, lib.resolve(name));
          // The executables ask for the libraries by their soname, which the jar does not have.
          String soname = name + ".20.1";
          Files.createSymbolicLink(lib.resolve(soname), Path.of(name));
        }
        copyFreestandingHeaders(zip, partial);
        moveIntoPlace(partial, target);
      } finally {
        FileTree.delete(partial);
      }
    } catch (IOException e) {
      throw new BuildException("cannot extract " + jar + ": " + e, e);
    }
  }

  /** stdint.h and its like, which clang finds beside its own directory. */
  private static void copyFreestandingHeaders(ZipFile zip, Path root) throws IOException {
    for (ZipEntry entry : zip.stream().toList()) {
      String name = entry.getName();
      if (name.matches(INSIDE + "lib/clang/[0-9]+/include/(__)?std[a-z_]*\\.h")) {
        Path file = root.resolve(name.substring(INSIDE.length()));
        Files.createDirectories(file.getParent());
        copy(zip, name, file);
      }
    }
  }

  private static void copy(ZipFile zip, String name, Path target) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new IOException("no " + name + " inside");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void moveIntoPlace(Path partial, Path target) throws IOException {
    try {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
      // Another build was first; its files are the same.
    }
  }
}
