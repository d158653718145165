package ristretto.tools.uboot;

/**
 * Where the boot loader puts things: one after the other, each in memory of its own and on a 2 MiB
 * boundary.
 *
 * @param deviceTree room for the tree and what is added to it
 * @param kernel Dom0's kernel
 * @param ramdisk its initial ramdisk
 * @param end the first address after all of them
 */
public record LoadAddresses(long deviceTree, long hypervisor, long kernel, long ramdisk, long end) {
  private static final long MIB = 1 << 20;
  private static final long ALIGNMENT = 2 * MIB;

  /** The hypervisor's slot, so that an image that grows does not move everything else. */
  static final long HYPERVISOR_SLOT = 16 * MIB;

  private static final long DEVICE_TREE_SLOT = 2 * MIB;

  /**
   * Lays things out from an address on.
   *
   * @param base the first address to use
   * @param kernelBytes memory that the kernel takes, not only its file
   */
  public static LoadAddresses from(long base, long kernelBytes, long ramdiskBytes) {
    long deviceTree = align(base);
    long hypervisor = deviceTree + DEVICE_TREE_SLOT;
    long kernel = hypervisor + HYPERVISOR_SLOT;
    long ramdisk = align(kernel + kernelBytes);
    return new LoadAddresses(
        deviceTree, hypervisor, kernel, ramdisk, align(ramdisk + ramdiskBytes));
  }

  private static long align(long address) {
    return (address + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
