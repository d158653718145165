package ristretto.tools.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ristretto.tools.debian.Dom0Root;
import ristretto.tools.host.Resources;

/**
 * What `xl create` finds in Dom0's root: configurations, a ramdisk for the suite's kernel, and an
 * empty disk in a file.
 */
final class DomuFiles {
  /** The resources that it is made of. */
  static final List<String> RESOURCES = List.of("domu/init", "domu/domu1.cfg", "domu/domu2.cfg");

  /** The front halves of the drivers, and a file system for the disk. */
  private static final List<String> MODULES =
      List.of("xen_netfront", "xen_blkfront", "crc32c_generic", "ext4");

  private static final long DISK_BYTES = 64 << 20;

  private final Path tree;

  DomuFiles(Path tree) {
    this.tree = tree;
  }

  void write(Dom0Root root) throws IOException {
    Path home = tree.resolve("root");
    try (InitialRamdisk ramdisk =
        new InitialRamdisk(Files.newOutputStream(home.resolve("domu-initramfs")))) {
      ramdisk.shell(tree.resolve("bin/busybox"), Resources.text("domu/init"));
      ramdisk.modules(root.modules().loadOrder(MODULES));
    }
    // Where Debian's kernel packages put it, too.
    Files.createSymbolicLink(tree.resolve("vmlinuz"), tree.relativize(root.kernel()));
    for (String name : List.of("domu1.cfg", "domu2.cfg")) {
      Files.writeString(home.resolve(name), Resources.text("domu/" + name));
    }
    try (RandomAccessFile disk = new RandomAccessFile(home.resolve("domu2.img").toFile(), "rw")) {
      disk.setLength(DISK_BYTES); // sparse, here and in the root that is made of the tree
    }
  }
}
