package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** {@code struct xenctl_bitmap}: a set of CPUs or nodes in the caller's memory. xen.h. */
@CStruct("struct xenctl_bitmap")
@Unboxed
public record Bitmap(long address) {
  public static final int BITMAP = 0; // XEN_GUEST_HANDLE_64(uint8), IN
  public static final int NR_BITS = 8; // uint32_t, IN
  public static final int SIZEOF = 16;

  /** The caller's address of the bytes. */
  public long bytes() {
    return Memory.load64(address + BITMAP);
  }

  /** Bits that there is room for, unsigned. */
  public long bits() {
    return Integer.toUnsignedLong(Memory.load32(address + NR_BITS));
  }
}
