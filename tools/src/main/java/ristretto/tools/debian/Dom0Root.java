package ristretto.tools.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;
import ristretto.tools.host.Resources;
import ristretto.tools.host.ToolException;

/**
 * Dom0's root as a directory: the packages unpacked, with a first process of our own instead of
 * their maintainer scripts, which could not run on a host of another architecture.
 */
public final class Dom0Root {
  /** The resources that it is made of, beside the packages. */
  public static final List<String> RESOURCES =
      List.of("dom0/init", "dom0/poweroff", "dom0/profile", "dom0/default-xen");

  static final List<String> LEFT_OUT =
      List.of(
          "./usr/share/doc/*",
          "./usr/share/man/*",
          "./usr/share/locale/*",
          "./usr/share/info/*",
          "./usr/share/lintian/*",
          "./usr/share/bug/*",
          "./usr/lib/python3*",
          "./lib/systemd/*",
          "./usr/lib/systemd/*",
          "./usr/share/zoneinfo/*",
          "./lib/udev/*",
          "./usr/lib/udev/*");

  /**
   * Modules that a Dom0 on a virtual machine or a board can use; the rest of the kernel package is
   * large.
   */
  private static final List<String> MODULES =
      List.of(
          "arch/",
          "block/",
          "crypto/",
          "lib/",
          "drivers/block/",
          "drivers/char/",
          "drivers/input/keyboard/gpio_keys",
          "drivers/md/",
          "drivers/mmc/",
          "drivers/net/net_failover",
          "drivers/net/tun",
          "drivers/net/virtio_net",
          "drivers/net/xen-net",
          "drivers/vhost/",
          "drivers/virtio/",
          "drivers/xen/",
          "fs/ext4/",
          "fs/fat/",
          "fs/jbd2/",
          "fs/mbcache",
          "fs/nls/",
          "fs/overlayfs/",
          "net/802/",
          "net/8021q/",
          "net/bridge/",
          "net/core/",
          "net/ipv4/",
          "net/ipv6/",
          "net/llc/",
          "net/netfilter/",
          "net/packet/");

  private final Path root;
  private final Suite suite;
  private final String partition;

  /**
   * A root in a directory.
   *
   * @param partition what Linux calls the disk's partitions, without their number: /dev/vda
   */
  public Dom0Root(Path root, Suite suite, String partition) {
    this.root = root;
    this.suite = suite;
    this.partition = partition;
  }

  /** Unpacks the packages and writes our own files. */
  public void fill(PackageStore.Packages packages) throws IOException {
    unpackAll(packages, packages.root(), root);
    unpack(
        packages.file(packages.named(packages.kernel())),
        root,
        List.of(
            "--exclude=./usr/lib/linux-image-*",
            "--exclude=./usr/share",
            "--exclude=./boot/[Sc]*"));
    removeOtherModules();
    for (String directory :
        List.of(
            "boot",
            "dev",
            "etc",
            "mnt",
            "proc",
            "root",
            "run",
            "sys",
            "tmp",
            "usr/local/sbin",
            "var/lib/xen",
            "var/lib/xenstored",
            "var/log/xen/console")) {
      Files.createDirectories(root.resolve(directory));
    }
    link("usr/bin/awk", "mawk"); // update-alternatives makes these two
    link("usr/bin/which", "which.debianutils");
    link("usr/bin/ping", "busybox");
    link("var/run", "/run");
    link("var/lock", "/run/lock");
    writeConfiguration();
    Command.of("depmod", "-b", root.toString(), kernelVersion()).run();
  }

  /** The version as `uname -r` prints it. */
  String kernelVersion() throws IOException {
    try (Stream<Path> versions = Files.list(root.resolve("usr/lib/modules"))) {
      return versions
          .map(path -> path.getFileName().toString())
          .findFirst()
          .orElseThrow(
              () -> new ToolException("the kernel package of " + suite + " has no modules"));
    }
  }

  public KernelModules modules() throws IOException {
    return new KernelModules(root.resolve("usr/lib/modules").resolve(kernelVersion()));
  }

  /** The kernel's image in this tree. */
  public Path kernel() throws IOException {
    return root.resolve("boot/vmlinuz-" + kernelVersion());
  }

  /** Takes the suite's own hypervisor out of its package. */
  public void copyDebianXen(PackageStore.Packages packages, Path target) throws IOException {
    Path scratch = Files.createTempDirectory("ristretto");
    unpack(packages.file(packages.named(packages.hypervisor())), scratch, List.of("./boot"));
    Files.copy(scratch.resolve("boot/xen-" + suite.xenVersion() + "-arm64"), target);
    Cache.delete(scratch);
  }

  private void removeOtherModules() throws IOException {
    Path kernel = root.resolve("usr/lib/modules").resolve(kernelVersion()).resolve("kernel");
    try (Stream<Path> files = Files.walk(kernel)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = kernel.relativize(file).toString();
        if (MODULES.stream().noneMatch(name::startsWith)) {
          Files.delete(file);
        }
      }
    }
  }

  /** Unpacks packages into an empty directory, without what nobody reads there. */
  static void unpackAll(PackageStore.Packages packages, List<DebianPackage> chosen, Path into)
      throws IOException {
    for (String merged : List.of("bin", "sbin", "lib")) {
      Files.createDirectories(into.resolve("usr/" + merged));
      Files.createSymbolicLink(into.resolve(merged), Path.of("usr/" + merged));
    }
    for (DebianPackage entry : chosen) {
      unpack(packages.file(entry), into, LEFT_OUT.stream().map(p -> "--exclude=" + p).toList());
    }
  }

  /** Unpacks a package, or a part of it. */
  static void unpack(Path file, Path into, List<String> tarArguments) {
    List<String> tar =
        new ArrayList<>(
            List.of("tar", "-x", "-p", "--keep-directory-symlink", "--warning=no-timestamp", "-C"));
    tar.add(into.toString());
    tar.addAll(tarArguments);
    Command.pipeline(
        List.of(Command.of("dpkg-deb", "--fsys-tarfile", file.toString()), Command.of(tar)));
  }

  private void writeConfiguration() throws IOException {
    executable("usr/sbin/init", Resources.text("dom0/init"));
    for (String name : List.of("poweroff", "reboot", "halt")) {
      executable("usr/sbin/" + name, Resources.text("dom0/poweroff"));
    }
    text("etc/default/xen", Resources.text("dom0/default-xen"));
    text("etc/profile", Resources.text("dom0/profile"));
    text("etc/inputrc", "set enable-bracketed-paste off\n"); // plain text for those who expect it
    text("etc/hostname", "dom0\n");
    text("etc/hosts", "127.0.0.1 localhost dom0\n");
    text(
        "etc/passwd",
        "root::0:0:root:/root:/bin/bash\nnobody:*:65534:65534::/:/usr/sbin/nologin\n");
    text("etc/group", "root:x:0:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nnogroup:x:65534:\n");
    text(
        "etc/fstab",
        partition + "2 / ext4 defaults 0 1\n" + partition + "1 /mnt vfat noauto 0 0\n");
    text("etc/motd", "Dom0 of " + suite + " with the tools of Xen " + suite.xenVersion() + ".\n");
  }

  /** A link that a package's script would make, in place of an empty directory if need be. */
  private void link(String name, String target) throws IOException {
    Files.deleteIfExists(root.resolve(name));
    Files.createSymbolicLink(root.resolve(name), Path.of(target));
  }

  private void executable(String name, String content) throws IOException {
    text(name, content);
    Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void text(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.deleteIfExists(file); // a link of some package would lead elsewhere
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
