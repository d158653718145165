package ristretto.tools.debian;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Progress;
import ristretto.tools.host.ToolException;

/**
 * The arm64 packages of a suite on this machine. They are fetched once; afterwards the manifest
 * says what there is and the network is not needed.
 */
public final class PackageStore {
  /** What Dom0's root is made of; xen-utils brings libxl and the daemons. */
  private static final List<String> ROOT =
      List.of(
          "xen-utils-common",
          "xenstore-utils",
          "busybox-static",
          "base-files",
          "bash",
          "bsdutils", // logger, for the scripts in /etc/xen/scripts
          "coreutils",
          "dash",
          "diffutils",
          "e2fsprogs",
          "findutils",
          "grep",
          "gzip",
          "iproute2",
          "kmod",
          "less",
          "mount",
          "ncurses-base",
          "procps",
          "sed",
          "sysvinit-utils", // the functions of /etc/init.d/xen
          "util-linux");

  private final Cache cache;
  private final Progress progress;
  private final Suite suite;

  public PackageStore(Cache cache, Progress progress, Suite suite) {
    this.cache = cache;
    this.progress = progress;
    this.suite = suite;
  }

  /** The packages with their files, fetched if they are not there. */
  public record Packages(
      Path directory, List<DebianPackage> all, String kernel, String hypervisor) {
    Path file(DebianPackage entry) {
      return directory.resolve(entry.fileName());
    }

    DebianPackage named(String name) {
      return all.stream()
          .filter(entry -> entry.name().equals(name))
          .findFirst()
          .orElseThrow(() -> new ToolException("the manifest in " + directory + " lacks " + name));
    }

    /** Everything but the kernel and Debian's own hypervisor. */
    List<DebianPackage> root() {
      Predicate<DebianPackage> apart =
          entry -> entry.name().equals(kernel) || entry.name().equals(hypervisor);
      return all.stream().filter(apart.negate()).toList();
    }

    /** The package of the kernel as a file, for those who take it for a kernel of their own. */
    public Path kernelFile() {
      return file(named(kernel));
    }

    /** How they differ from what the project's tests used. */
    public List<TestedVersions.Difference> differences(Suite suite) {
      return TestedVersions.of(suite).differences(all);
    }

    /** What was used, one package a line. */
    public String manifest() {
      StringBuilder text = new StringBuilder();
      all.forEach(entry -> text.append(entry.line()).append('\n'));
      return text.toString();
    }
  }

  /** Whether everything is here that this version of the tool asks for. */
  public boolean isComplete() {
    try (Stream<String> lines = Files.lines(manifestFile())) {
      return lines.findFirst().equals(Optional.of(request()));
    } catch (IOException e) {
      return false;
    }
  }

  /** The manifest's first line: what was asked for. */
  private String request() {
    return "# " + String.join(" ", wanted());
  }

  private List<String> wanted() {
    List<String> names = new ArrayList<>(ROOT);
    names.add("xen-utils-" + suite.xenVersion());
    return names;
  }

  /** Where the manifest of the fetched packages is. */
  public Path manifestFile() {
    return cache.path().resolve("packages/" + suite + "/manifest");
  }

  public Packages packages() {
    return cache.locked(() -> {
      if (!isComplete()) {
        fetch();
      }
      return read();
    });
  }

  /** Makes the next call look for newer versions at the mirror. */
  public void refresh() {
    cache.locked(() -> Files.deleteIfExists(manifestFile()));
  }

  private Packages read() throws IOException {
    List<DebianPackage> all =
        Files.readAllLines(manifestFile()).stream()
            .filter(line -> !line.startsWith("#"))
            .map(DebianPackage::ofLine)
            .toList();
    String kernel =
        all.stream()
            .map(DebianPackage::name)
            .filter(name -> name.startsWith("linux-image-"))
            .findFirst()
            .orElseThrow(() -> new ToolException("no kernel in " + manifestFile()));
    return new Packages(cache.directory("packages/" + suite), all, kernel, hypervisorPackage());
  }

  private String hypervisorPackage() {
    return "xen-hypervisor-" + suite.xenVersion() + "-arm64";
  }

  private void fetch() throws IOException {
    String mirror = AptSources.ofHost().debianMirror();
    ForeignApt apt = new ForeignApt(cache.directory("apt/" + suite), suite, mirror);
    progress.step("fetching the package lists of " + suite + " (arm64)", apt::update);
    List<DebianPackage> wanted =
        progress.compute("choosing packages of " + suite, () -> apt.describe(closure(apt)));

    Path directory = cache.directory("packages/" + suite);
    removeAllBut(wanted, directory);
    List<DebianPackage> missing =
        wanted.stream()
            .filter(entry -> !Files.exists(directory.resolve(entry.fileName())))
            .toList();
    long bytes = missing.stream().mapToLong(DebianPackage::size).sum();
    long before = sizeOf(directory);
    progress.step(
        "fetching packages of "
            + suite
            + " (arm64): "
            + missing.size()
            + ", "
            + (bytes >> 20)
            + " MiB",
        () -> (Math.max(0, sizeOf(directory) - before) >> 20) + " MiB",
        () -> {
          if (!missing.isEmpty()) {
            apt.download(
                missing.stream().map(e -> e.name() + "=" + e.version()).toList(), directory);
          }
        });
    progress.step(
        "checking the packages of " + suite,
        () -> {
          for (DebianPackage entry : wanted) {
            verify(directory.resolve(entry.fileName()), entry);
          }
        });
    StringBuilder manifest = new StringBuilder(request()).append('\n');
    wanted.forEach(entry -> manifest.append(entry.line()).append('\n'));
    Files.writeString(manifestFile(), manifest.toString());
  }

  private List<String> closure(ForeignApt apt) {
    List<String> names = new ArrayList<>(apt.closure(wanted()));
    names.add(apt.firstDependency("linux-image-arm64"));
    names.add(hypervisorPackage());
    return names;
  }

  /** apt has checked what it fetched; this finds what was damaged since. */
  private static void verify(Path file, DebianPackage entry) throws IOException {
    MessageDigest digest = Cache.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(entry.sha256())) {
      throw new ToolException(file + " is not what the archive signed", "rm " + file);
    }
  }

  private static void removeAllBut(List<DebianPackage> wanted, Path directory) throws IOException {
    List<String> names = wanted.stream().map(DebianPackage::fileName).toList();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (!names.contains(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }

  private static long sizeOf(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
