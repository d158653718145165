package ristretto.core.boot;

import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/** An arm64 Image: position independent, and where the loader put it is mostly good enough. */
final class PlainKernel extends KernelImage {
  private final long textOffset;
  private final long imageSize;

  @BootOnly
  PlainKernel(BootModule module, Header header) {
    super(module);
    header.check();
    textOffset = header.textOffset();
    imageSize = header.imageSize();
  }

  @Override
  long size() {
    return textOffset + imageSize;
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

  @Override
  long entry(long base) {
    return base + textOffset;
  }
}
