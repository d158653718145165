package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ristretto.tools.debian.DomuRoot;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;
import ristretto.tools.host.Resources;

/**
 * The folder /home/root/xen of the overview document, "DomU Configuration": a small root for DomUs,
 * example configurations, and the partial device trees of devices that can be passed through.
 */
final class XenFolder {
  private static final String FOLDER = "home/root/xen";

  /** The devices that have an example, as Altera's documents name them. */
  private static final Map<String, List<String>> EXAMPLES =
      Map.of("qemu", List.of("pl031@9010000"));

  /** The front halves of Xen's drivers, and what the examples' devices need. */
  private static final List<String> MODULES =
      List.of("xen_netfront", "xen_blkfront", "crc32c_generic", "ext4");

  private final String board;
  private final Dom0Files dom0;

  XenFolder(String board, Dom0Files dom0) {
    this.board = board;
    this.dom0 = dom0;
  }

  /**
   * Writes it into Dom0's root.
   *
   * @param withModules whether DomUs run Debian's kernel, whose drivers are modules
   */
  void write(boolean withModules) throws IOException {
    Path folder = Files.createDirectories(dom0.tree().resolve(FOLDER));
    writeRoot(folder.resolve("xen-image-minimal-" + board + ".cpio.gz"), withModules);
    configuration(folder, "DomU1", "xen/DomU1.cfg");
    for (String device : EXAMPLES.getOrDefault(board, List.of())) {
      configuration(folder, device, "xen/" + board + "/" + device + ".cfg");
      Path source = folder.resolve(device + ".dts");
      Files.writeString(source, Resources.text("xen/" + board + "/" + device + ".dts"));
      String binary = folder.resolve(device + ".dtb").toString();
      Command.of("dtc", "-q", "-O", "dtb", "-o", binary, source.toString()).run();
    }
  }

  private void configuration(Path folder, String name, String resource) throws IOException {
    Files.writeString(
        folder.resolve(name + ".cfg"), Resources.text(resource).replace("BOARD", board));
  }

  private void writeRoot(Path file, boolean withModules) throws IOException {
    Path tree = Files.createTempDirectory(dom0.tree().toAbsolutePath().getParent(), "domu");
    try {
      DomuRoot.fill(dom0.packages(), tree);
      try (InitialRamdisk ramdisk = InitialRamdisk.empty(Files.newOutputStream(file))) {
        ramdisk.tree(tree);
        if (withModules) {
          ramdisk.modulesDirectory();
          ramdisk.modules(dom0.root().modules().loadOrder(MODULES));
        }
      }
    } finally {
      Cache.delete(tree);
    }
  }
}
