package ristretto.vdev;

/**
 * A device's register block. The caller has checked that the access lies inside the block and is
 * aligned to its size.
 */
public interface MmioDevice {
  /**
   * A load of {@code size} bytes (1, 2, 4 or 8) at {@code offset} bytes from the block's base. Bits
   * above {@code size} are ignored by the caller.
   */
  long read(int offset, int size);

  /** A store of the low {@code size} bytes (1, 2, 4 or 8) of {@code value}; the rest is zero. */
  void write(int offset, int size, long value);
}
