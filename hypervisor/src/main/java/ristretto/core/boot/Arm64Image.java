package ristretto.core.boot;

import ristretto.lang.BootOnly;

/** A kernel in Linux's own format: its header says what it needs, and it runs at any base. */
abstract class Arm64Image extends KernelImage {
  final long textOffset;
  final long imageSize;

  /**
   * Takes over what the header says.
   *
   * @throws ristretto.lang.BootException if that is not possible
   */
  @BootOnly
  Arm64Image(BootModule module, Header header) {
    super(module);
    header.check();
    textOffset = header.textOffset();
    imageSize = header.imageSize();
  }

  @Override
  final long size() {
    return textOffset + imageSize;
  }

  @Override
  final long entry(long base) {
    return base + textOffset;
  }
}
