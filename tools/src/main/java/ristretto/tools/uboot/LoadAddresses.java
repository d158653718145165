package ristretto.tools.uboot;

import ristretto.tools.uboot.MemoryPlan.Range;

/**
 * Where the boot loader puts things: each in memory of its own and on a 2 MiB boundary.
 *
 * @param deviceTree room for the tree and what is added to it
 * @param kernel Dom0's kernel
 * @param ramdisk its initial ramdisk
 * @param fabric what the FPGA is configured with
 */
public record LoadAddresses(
    long deviceTree, long hypervisor, long kernel, long ramdisk, long fabric) {
  private static final long MIB = 1 << 20;

  /** The hypervisor's slot, so that an image that grows does not move everything else. */
  public static final long HYPERVISOR_SLOT = 16 * MIB;

  /** For the tree itself, and what `fdt resize` adds. */
  private static final long DEVICE_TREE_SLOT = 2 * MIB;

  /** Bytes of the largest tree: the boot scripts' changes get as much again. */
  public static final long LARGEST_DEVICE_TREE = DEVICE_TREE_SLOT / 2;

  /**
   * What is loaded.
   *
   * @param kernel bytes of memory that the kernel takes, not only its file
   * @param ramdisk bytes; 0: there is none
   * @param fabric bytes; 0: there is nothing for the FPGA
   */
  public record Sizes(long kernel, long ramdisk, long fabric) {}

  /**
   * Lays things out in what is left of RAM.
   *
   * @param fabricWindow what the FPGA's configuration can be read from
   */
  public static LoadAddresses in(MemoryPlan plan, Sizes sizes, Range fabricWindow) {
    long fabric =
        sizes.fabric() == 0 ? 0 : plan.place("core.rbf", sizes.fabric(), fabricWindow).start();
    long deviceTree = plan.place("the device tree", DEVICE_TREE_SLOT).start();
    long hypervisor = plan.place("xen", HYPERVISOR_SLOT).start();
    long kernel = plan.place("the kernel", sizes.kernel()).start();
    long ramdisk = sizes.ramdisk() == 0 ? 0 : plan.place("the ramdisk", sizes.ramdisk()).start();
    return new LoadAddresses(deviceTree, hypervisor, kernel, ramdisk, fabric);
  }

  /** The same, where nothing goes to an FPGA. */
  public static LoadAddresses in(MemoryPlan plan, long kernelBytes, long ramdiskBytes) {
    return in(plan, new Sizes(kernelBytes, ramdiskBytes, 0), new Range("nowhere", 0, 0));
  }
}
