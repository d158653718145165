package ristretto.core.boot;

import ristretto.lang.BootException;
import ristretto.lang.BootOnly;

/** An arm64 Image in a gzip file. */
final class CompressedKernel extends Arm64Image {
  @BootOnly
  CompressedKernel(BootModule module, Header header) {
    super(module, header);
  }

  @Override
  long placeToStay() {
    return -1;
  }

  @BootOnly
  @Override
  void load(long base) {
    long target = base + textOffset;
    Inflater inflater = new Inflater(module.base, module.size, target, imageSize);
    long size = inflater.run();
    if (inflater.isTruncated()) {
      throw new BootException("Dom0's kernel expands to more than image_size in its header");
    }
    inflater.verify();
    Handover.publish(target, size);
  }
}
