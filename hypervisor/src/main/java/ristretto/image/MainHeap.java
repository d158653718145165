package ristretto.image;

import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.BootHeap;

/** Memory for what is made once frames can be had: Dom0's objects and those of later domains. */
final class MainHeap {
  private long first;
  private long end;

  @BootOnly
  MainHeap() {}

  /**
   * Takes at least {@code bytes}.
   *
   * @return false if there is no block of memory of that size
   */
  @BootOnly
  boolean take(long bytes) {
    long frames = Bits.alignUp(bytes, Frames.SIZE) >>> Frames.SHIFT;
    int order = Long.SIZE - Long.numberOfLeadingZeros(frames - 1);
    first = Frames.allocate(order, Frames.hypervisor(), FrameType.PRIVATE);
    if (first < 0) {
      return false;
    }
    end = first + (1L << order);
    giveBack(first + frames);
    BootHeap.give(first << Frames.SHIFT, frames << Frames.SHIFT);
    return true;
  }

  /** Nothing is made from here on; what nothing was made of is free memory again. */
  @BootOnly
  void close() {
    long used = BootHeap.used();
    BootHeap.seal();
    giveBack(first + (Bits.alignUp(used, Frames.SIZE) >>> Frames.SHIFT));
  }

  @BootOnly
  private void giveBack(long from) {
    for (long frame = from; frame < end; frame++) {
      Frames.free(frame, 0);
    }
    end = from;
  }
}
