package ristretto.core.hypercall;

import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.Memory;

/** ASCII text, kept in words so that copying it out is a few stores. */
public final class VersionText {
  final int length;
  private final long[] words;

  @BootOnly
  VersionText(String text) {
    this(text.length());
    for (int i = 0; i < length; i++) {
      put(i, text.charAt(i));
    }
  }

  /** Room for so many characters, for {@link #put}. */
  @BootOnly
  public VersionText(int length) {
    this.length = length;
    words = new long[(length + Long.BYTES - 1) / Long.BYTES];
  }

  /** Sets a character that is NUL yet. */
  @BootOnly
  public void put(int index, int character) {
    words[index / Long.BYTES] |= (long) character << (Byte.SIZE * (index % Long.BYTES));
  }

  /**
   * Writes the text to hypervisor memory and zeros up to {@code size}, a multiple of 8, so that
   * nothing that lay there before is told (XSA-122). A longer text is cut, and still ends with NUL.
   */
  @Inline
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
