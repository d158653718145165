package ristretto.tools.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ristretto.tools.debian.Dom0Root;
import ristretto.tools.host.Command;
import ristretto.tools.host.Resources;

/**
 * What `xl create` finds in Dom0's root: configurations, a ramdisk for the suite's kernel, an empty
 * disk in a file, and the device tree of devices that are passed through.
 */
final class DomuFiles {
  /** The resources that it is made of. */
  static final List<String> RESOURCES =
      List.of("domu/init", "domu/domu1.cfg", "domu/domu2.cfg", "domu/domu3.cfg", "domu/domu3.dts");

  /** The front halves of the drivers, a file system for the disk, and a key on a GPIO. */
  private static final List<String> MODULES =
      List.of("xen_netfront", "xen_blkfront", "crc32c_generic", "ext4", "gpio_keys");

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
    for (String name : List.of("domu1.cfg", "domu2.cfg", "domu3.cfg")) {
      Files.writeString(home.resolve(name), Resources.text("domu/" + name));
    }
    writeDeviceTree(home);
    try (RandomAccessFile disk = new RandomAccessFile(home.resolve("domu2.img").toFile(), "rw")) {
      disk.setLength(DISK_BYTES); // sparse, here and in the root that is made of the tree
    }
  }

  private static void writeDeviceTree(Path home) throws IOException {
    Path source = home.resolve("domu3.dts");
    Files.writeString(source, Resources.text("domu/domu3.dts"));
    String binary = home.resolve("domu3.dtb").toString();
    Command.of("dtc", "-q", "-O", "dtb", "-o", binary, source.toString()).run();
  }
}
