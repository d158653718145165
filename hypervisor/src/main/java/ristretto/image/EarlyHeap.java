package ristretto.image;

import ristretto.lang.AssemblyConstants;
import ristretto.lang.BootOnly;
import ristretto.machine.BootHeap;
import ristretto.machine.ImageSymbol;

/**
 * Memory in the image for what is made before the RAM is known: the device tree's index, mainly.
 */
@AssemblyConstants
final class EarlyHeap {
  /** Bytes. */
  static final int SIZE = 256 << 10;

  private EarlyHeap() {}

  @BootOnly
  static void give() {
    BootHeap.give(ImageSymbol.EARLY_HEAP.address(), SIZE);
  }
}
