package ristretto.core.hypercall;

import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/** ASCII text, kept in words so that copying it out is a few stores. Made while the image is built. */
final class VersionText {
  final int length;
  private final long[] words;

  @BootOnly
  VersionText(String text) {
    length = text.length();
    words = new long[(length + Long.BYTES - 1) / Long.BYTES];
    for (int i = 0; i < length; i++) {
      words[i / Long.BYTES] |= (long) text.charAt(i) << Byte.SIZE * (i % Long.BYTES);
    }
  }

  /**
   * Writes the text to hypervisor memory and zeros up to {@code size}, a multiple of 8, so that
   * nothing that lay there before is told (XSA-122). A longer text is cut, and still ends with NUL.
   */
  void writeTo(long target, int size) {
    int end = size / Long.BYTES;
    for (int i = 0; i < end; i++) {
      Memory.store64(target + (long) i * Long.BYTES, i < words.length ? words[i] : 0);
    }
    if (length >= size) {
      Memory.store8(target + size - 1, 0);
    }
  }
}
