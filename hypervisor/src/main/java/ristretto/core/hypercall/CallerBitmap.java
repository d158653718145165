package ristretto.core.hypercall;

import ristretto.abi.Bitmap;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/**
 * {@code struct xenctl_bitmap} between the caller's memory and a word: nothing that is numbered
 * here goes beyond 64. Bits of the caller's that mean nothing are not looked at, as in Xen, and are
 * zero in an answer.
 */
@Cold
final class CallerBitmap {
  private CallerBitmap() {}

  /**
   * Reads a set of at most {@code count} members to {@link Scratch#buffer}.
   *
   * @return false: the caller may not read there
   */
  static boolean read(Vcpu caller, Bitmap bitmap, int count) {
    Memory.store64(Scratch.buffer(), 0);
    long bytes = Math.min(bytes(bitmap.bits()), bytes(count));
    return bytes == 0 || GuestMemory.copyIn(caller, bitmap.bytes(), Scratch.buffer(), bytes);
  }

  /** What {@link #read} read, of at most {@code count} members. */
  static long members(Bitmap bitmap, int count) {
    long known = Math.min(bitmap.bits(), count);
    return known == 0 ? 0 : Memory.load64(Scratch.buffer()) & Bits.mask((int) known - 1, 0);
  }

  /**
   * Writes a set, and zeros for the rest that there is room for, up to {@link Scratch#BUFFER_SIZE}.
   *
   * @return false: the caller may not write there
   */
  static boolean write(Vcpu caller, Bitmap bitmap, long members) {
    long bytes = Math.min(bytes(bitmap.bits()), Scratch.BUFFER_SIZE);
    Memory.zero(Scratch.buffer(), Scratch.BUFFER_SIZE);
    Memory.store64(Scratch.buffer(), members);
    return bytes == 0 || GuestMemory.copyOut(caller, bitmap.bytes(), Scratch.buffer(), bytes);
  }

  private static long bytes(long bits) {
    return (bits + Byte.SIZE - 1) / Byte.SIZE;
  }
}
