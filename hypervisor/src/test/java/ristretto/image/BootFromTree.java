package ristretto.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ristretto.core.cpu.Cpus;
import ristretto.sim.DeviceTree;

/**
 * Boots the hypervisor's classes on a simulated board from a tree that a boot loader has prepared,
 * up to Dom0's first instruction, and prints what Dom0 finds. In a process of its own, for the
 * system tests: BoardScriptTest.
 */
public final class BootFromTree {
  private BootFromTree() {}

  /**
   * Name of the board, MPIDR of its boot CPU, file of the tree, addresses of tree, kernel, image.
   */
  public static void main(String[] words) throws IOException {
    byte[] blob = Files.readAllBytes(Path.of(words[2]));
    long tree = Long.decode(words[3]);
    long kernel = Long.decode(words[4]);
    long image = Long.decode(words[5]);
    BootOnBoard boot = new BootOnBoard(words[0], Long.decode(words[1]), blob, tree, kernel, image);
    boot.asDom0(guest -> {
      DeviceTree dom0 = boot.treeAt(guest.frame().x(0));
      System.out.print(boot.console());
      System.out.printf("Dom0 starts at 0x%x%n", guest.pc());
      System.out.println("CPUs: " + Cpus.count());
      System.out.println("bootargs: " + dom0.node("/chosen").string("bootargs"));
      System.out.println("ramdisk: " + dom0.node("/chosen").has("linux,initrd-start"));
    });
  }
}
