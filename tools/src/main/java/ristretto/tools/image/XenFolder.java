package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ristretto.tools.board.Board;
import ristretto.tools.debian.DomuRoot;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;

/**
 * The folder /home/root/xen of the overview document, "DomU Configuration": a small root for DomUs,
 * example configurations, and the partial device trees of devices that can be passed through.
 */
final class XenFolder {
  private static final String FOLDER = "home/root/xen";

  private final CardTarget target;
  private final Dom0Files dom0;

  XenFolder(CardTarget target, Dom0Files dom0) {
    this.target = target;
    this.dom0 = dom0;
  }

  /**
   * Writes it into Dom0's root.
   *
   * @param modules of the kernel that DomUs are started with, in the order to load them in
   */
  void write(List<Path> modules) throws IOException {
    Path folder = Files.createDirectories(dom0.tree().resolve(FOLDER));
    String board = target.board();
    writeRoot(folder.resolve("xen-image-minimal-" + board + ".cpio.gz"), modules);
    ExampleDomus examples = new ExampleDomus(Board.named(board), target.deviceType());
    for (Path source : examples.write(folder)) {
      compile(source);
    }
  }

  private static void compile(Path source) {
    String binary = source.toString().replaceFirst("\\.dts$", ".dtb");
    Command.of("dtc", "-q", "-O", "dtb", "-o", binary, source.toString()).run();
  }

  private void writeRoot(Path file, List<Path> modules) throws IOException {
    Path tree = Files.createTempDirectory(dom0.tree().toAbsolutePath().getParent(), "domu");
    try {
      DomuRoot.fill(dom0.packages(), tree);
      try (InitialRamdisk ramdisk = InitialRamdisk.empty(Files.newOutputStream(file))) {
        ramdisk.tree(tree);
        if (!modules.isEmpty()) {
          ramdisk.modulesDirectory();
          ramdisk.modules(modules);
        }
      }
    } finally {
      Cache.delete(tree);
    }
  }
}
