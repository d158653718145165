package ristretto.tools.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something of the host that the tool uses, and the Debian package that has it.
 *
 * @param name as doctor prints it
 * @param debianPackage has it
 * @param purpose what it is used for
 * @param optional only one option needs it: doctor mentions it, nothing installs it
 * @param probe finds it
 */
public record Requirement(
    String name, String debianPackage, String purpose, boolean optional, Probe probe) {
  /** The first QEMU whose SMMUv3 translates stage 2. */
  public static final int QEMU_MAJOR = 10;

  /** Looks for something. */
  @FunctionalInterface
  public interface Probe {
    /** Returns where it is or which version it has; empty when it is missing. */
    Optional<String> find();
  }

  /** Everything that run, build, image and test use. */
  public static List<Requirement> all() {
    return List.of(
        new Requirement(
            "QEMU " + QEMU_MAJOR + " or newer",
            "qemu-system-arm",
            "the machine to run on",
            false,
            () -> qemu("qemu-system-aarch64")),
        file(
            "U-Boot",
            "/usr/lib/u-boot/qemu_arm64/u-boot.bin",
            "u-boot-qemu",
            "the machine's firmware"),
        program("mkimage", "u-boot-tools", "wraps boot scripts"),
        program("dtc", "device-tree-compiler", "reads device trees, makes those of DomUs"),
        program("mformat", "mtools", "makes the FAT of the disk image"),
        program("mke2fs", "e2fsprogs", "makes the root of the disk image"),
        program("debugfs", "e2fsprogs", "fills the root of the disk image"),
        program("fsck.fat", "dosfstools", "checks the FAT of the disk image"),
        program("depmod", "kmod", "lists the modules of Dom0's kernel"),
        program("dpkg-deb", "dpkg", "unpacks Dom0's packages"),
        file(
            "Debian 13's archive keys",
            "/usr/share/keyrings/debian-archive-trixie-stable.gpg",
            "debian-archive-keyring",
            "checks Dom0's packages"),
        new Requirement(
            "zstd", "zstd", "unpacks a kernel's own modules (.ko.zst)", true, () -> path("zstd")),
        new Requirement(
            "gdb-multiarch", "gdb-multiarch", "run --gdb", true, () -> path("gdb-multiarch")));
  }

  public Optional<String> find() {
    return probe.find();
  }

  /** What is not there and not optional. */
  public static List<Requirement> missing() {
    return all().stream()
        .filter(requirement -> !requirement.optional() && requirement.find().isEmpty())
        .toList();
  }

  private static Requirement program(String name, String debianPackage, String purpose) {
    return new Requirement(name, debianPackage, purpose, false, () -> path(name));
  }

  private static Requirement file(String name, String path, String debianPackage, String purpose) {
    return new Requirement(
        name,
        debianPackage,
        purpose,
        false,
        () -> Files.isReadable(Path.of(path)) ? Optional.of(path) : Optional.empty());
  }

  private static Optional<String> path(String program) {
    return Programs.find(program).map(Path::toString);
  }

  private static Optional<String> qemu(String program) {
    if (path(program).isEmpty()) {
      return Optional.empty();
    }
    return newEnough(Command.of(program, "--version").attempt().output());
  }

  /** The version in what QEMU prints about itself, if it will do. */
  static Optional<String> newEnough(String banner) {
    Matcher matcher = Pattern.compile("version ((\\d+)\\.[\\d.]+)").matcher(banner);
    return matcher.find() && Integer.parseInt(matcher.group(2)) >= QEMU_MAJOR
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }
}
