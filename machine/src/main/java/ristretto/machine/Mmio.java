package ristretto.machine;

import ristretto.lang.Inline;
import ristretto.lang.Unboxed;

/** A device's register block at a hypervisor address; offsets in bytes. */
@Unboxed
public record Mmio(long base) {
  @Inline
  public int read8(int offset) {
    return Memory.load8(base + offset);
  }

  @Inline
  public int read32(int offset) {
    return Memory.load32(base + offset);
  }

  @Inline
  public long read64(int offset) {
    return Memory.load64(base + offset);
  }

  @Inline
  public void write8(int offset, int value) {
    Memory.store8(base + offset, value);
  }

  @Inline
  public void write32(int offset, int value) {
    Memory.store32(base + offset, value);
  }

  @Inline
  public void write64(int offset, long value) {
    Memory.store64(base + offset, value);
  }
}
