package ristretto.core.boot;

import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/** An arm64 Image: position independent, and where the loader put it is mostly good enough. */
final class PlainKernel extends Arm64Image {
  @BootOnly
  PlainKernel(BootModule module, Header header) {
    super(module, header);
  }

  @Override
  long placeToStay() {
    long base = module.base - textOffset;
    return Bits.isAligned(base, ALIGNMENT) ? base : -1;
  }

  @BootOnly
  @Override
  void load(long base) {
    long size = Math.min(module.size, imageSize);
    Memory.copy(base + textOffset, module.base, size);
    Handover.publish(base + textOffset, size);
  }
}
