package ristretto.tools.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import ristretto.tools.board.Board;
import ristretto.tools.board.Node;
import ristretto.tools.debian.Dom0Root;
import ristretto.tools.host.Command;
import ristretto.tools.host.Resources;
import ristretto.tools.passthrough.PartialTreeWriter;
import ristretto.tools.passthrough.Plan;

/**
 * What `xl create` finds in Dom0's root: configurations, a ramdisk for the suite's kernel, an empty
 * disk in a file, and the device tree of devices that are passed through.
 */
final class DomuFiles {
  private static final String INIT = "domu/init";

  /** What domu3 has of QEMU's machine: its clock, its GPIO controller, and the key on that. */
  private static final List<String> DEVICES =
      List.of("/pl031@9010000", "/pl061@9030000", "/gpio-keys");

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
      ramdisk.shell(tree.resolve("bin/busybox"), Resources.text(INIT));
      ramdisk.modules(root.modules().loadOrder(MODULES));
    }
    // Where Debian's kernel packages put it, too.
    Files.createSymbolicLink(tree.resolve("vmlinuz"), tree.relativize(root.kernel()));
    for (Map.Entry<String, String> file : texts().entrySet()) {
      Files.writeString(home.resolve(file.getKey()), file.getValue());
    }
    String source = home.resolve("domu3.dts").toString();
    String binary = home.resolve("domu3.dtb").toString();
    Command.of("dtc", "-q", "-O", "dtb", "-o", binary, source).run();
    try (RandomAccessFile disk = new RandomAccessFile(home.resolve("domu2.img").toFile(), "rw")) {
      disk.setLength(DISK_BYTES); // sparse, here and in the root that is made of the tree
    }
  }

  /** Files in /root by their names; domu3's are what `./ristretto passthrough` writes. */
  private static Map<String, String> texts() {
    Board board = Board.named(CardTarget.QEMU);
    List<Node> devices = DEVICES.stream().map(path -> board.device(path).orElseThrow()).toList();
    Plan plan = new Plan(board, devices, Map.of());
    Map<String, String> texts = new TreeMap<>();
    texts.put("domu1.cfg", Resources.text("domu/domu1.cfg"));
    texts.put("domu2.cfg", Resources.text("domu/domu2.cfg"));
    texts.put(
        "domu3.cfg", Resources.text("domu/domu3.cfg") + plan.xlLines("/root/domu3.dtb") + "\n");
    texts.put("domu3.dts", PartialTreeWriter.write(plan, false));
    return texts;
  }

  /** All text that it is made of: with another one Dom0's root is another. */
  static Stream<String> sources() {
    return Stream.concat(Stream.of(Resources.text(INIT)), texts().values().stream());
  }
}
