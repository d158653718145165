package ristretto.core.boot;

import ristretto.fdt.FdtNode;
import ristretto.fdt.StrictMemory;
import ristretto.fdt.Text;
import ristretto.lang.BootException;

/**
 * What a boot loader hands over, with any content: each is understood, or refused with a message.
 * An access beyond it, or any other exception, is our defect.
 */
final class BootFiles {
  private static final int ROOM = 0x40_0000;
  private static final long SCRATCH = StrictMemory.BASE + 0x3f_0000;
  private static final long TARGET = StrictMemory.BASE + 0x20_0000;
  private static final long IMAGE = 0x8a00_0000L;
  private static final long IMAGE_SIZE = 0x20_0000;

  private BootFiles() {}

  private static boolean isUnderstood(StrictMemory memory, Runnable use) {
    try {
      memory.run(use);
      return true;
    } catch (BootException e) {
      if (e.getMessage().isEmpty()) {
        throw new AssertionError("refused without a reason", e);
      }
      return false;
    }
  }

  /** A flattened device tree. */
  static boolean readTree(byte[] file) {
    return isUnderstood(
        new StrictMemory(file, ROOM),
        () -> {
          LoaderTree loader = new LoaderTree(StrictMemory.BASE);
          new BootInfo(loader, IMAGE, IMAGE_SIZE, 0x200).freeMemory();
        });
  }

  /** A kernel: Image, gzip or ELF; loaded, if it fits where there is room. */
  static boolean loadKernel(byte[] file) {
    return isUnderstood(
        new StrictMemory(file, ROOM),
        () -> {
          KernelImage kernel =
              KernelImage.inspect(
                  new BootModule(
                      BootModule.Kind.KERNEL, new FdtNode(0), StrictMemory.BASE, file.length),
                  SCRATCH);
          if (Long.compareUnsigned(kernel.size(), SCRATCH - TARGET) <= 0) {
            kernel.load(TARGET);
          }
        });
  }

  /** The hypervisor's command line. */
  static boolean parseOptions(byte[] line) {
    return isUnderstood(
        new StrictMemory(line, line.length + 1),
        () -> {
          CommandLine options =
              CommandLine.parse(new Text(StrictMemory.BASE, line.length), new Reports());
          if (options.dom0Vcpus(4) < 1 || options.dom0Memory() < 0) {
            throw new AssertionError("accepted what cannot be");
          }
        });
  }
}
