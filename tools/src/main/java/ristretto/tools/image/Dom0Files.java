package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ristretto.tools.debian.Dom0Root;
import ristretto.tools.debian.DomuRoot;
import ristretto.tools.debian.PackageStore;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Resources;

/** Dom0 of a suite, made in a directory: its root, and what its kernel is started with. */
final class Dom0Files {
  private static final String INITIAL = "dom0/initramfs-init";

  private static final List<String> RESOURCES =
      Stream.of(List.of(INITIAL), Dom0Root.RESOURCES, DomuRoot.RESOURCES)
          .flatMap(List::stream)
          .toList();

  /** Modules without which a root on QEMU's disk cannot be reached. */
  private static final List<String> EARLY_MODULES =
      List.of("virtio_mmio", "virtio_pci", "virtio_blk", "crc32c_generic", "ext4");

  private final Path tree;
  private final Dom0Root root;
  private final PackageStore.Packages packages;

  /**
   * Unpacks it.
   *
   * @param tree an empty directory
   */
  Dom0Files(Path tree, Suite suite, PackageStore.Packages packages, String partition)
      throws IOException {
    this.tree = tree;
    this.packages = packages;
    this.root = new Dom0Root(tree, suite, partition);
    root.fill(packages);
  }

  /** All text of the tool that is put into it. */
  static Stream<String> sources() {
    return Stream.concat(RESOURCES.stream().map(Resources::text), DomuFiles.sources());
  }

  /** Adds the DomUs of QEMU's machine, one of which has devices of its. */
  void addDomus() throws IOException {
    new DomuFiles(tree).write(root);
  }

  Path tree() {
    return tree;
  }

  Dom0Root root() {
    return root;
  }

  PackageStore.Packages packages() {
    return packages;
  }

  /** Debian's kernel. */
  Path kernel() throws IOException {
    return root.kernel();
  }

  /** What that kernel needs to reach the root. */
  void writeRamdisk(Path file) throws IOException {
    writeRamdisk(file, root.modules().loadOrder(EARLY_MODULES));
  }

  /**
   * The same for another kernel.
   *
   * @param modules that it needs to reach the root, in the order to load them in
   */
  void writeRamdisk(Path file, List<Path> modules) throws IOException {
    try (InitialRamdisk ramdisk = new InitialRamdisk(Files.newOutputStream(file))) {
      ramdisk.shell(tree.resolve("bin/busybox"), Resources.text(INITIAL));
      ramdisk.modules(modules);
    }
  }
}
