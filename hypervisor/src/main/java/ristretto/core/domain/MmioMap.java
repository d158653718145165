package ristretto.core.domain;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ristretto.lang.BootOnly;
import ristretto.vdev.MmioDevice;

/**
 * The emulated devices of a domain by intermediate physical address. Filled before the domain runs.
 */
public final class MmioMap {
  /** More than a domain has: distributor, redistributors, UART. */
  private static final int CAPACITY = 16;

  private final long[] bases = new long[CAPACITY];
  private final long[] sizes = new long[CAPACITY];
  private final @Nullable MmioDevice[] devices = new MmioDevice[CAPACITY];
  private int count;

  /** Adds {@code device} at [base, base + size); false if it overlaps another or none is free. */
  public boolean add(long base, long size, MmioDevice device) {
    if (count == CAPACITY) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (base - bases[i] >= 0 && base < bases[i] + sizes[i]
          || bases[i] >= base && bases[i] < base + size) {
        return false;
      }
    }
    bases[count] = base;
    sizes[count] = size;
    devices[count] = device;
    count++;
    return true;
  }

  @BootOnly
  public MmioMap() {}

  /** Another device can be added. */
  public boolean hasRoom() {
    return count < CAPACITY;
  }

  /** Another domain begins, with no devices. */
  void clear() {
    Arrays.fill(devices, null);
    count = 0;
  }

  /** The slot that holds the whole access, or -1. */
  public int find(long address, int size) {
    for (int i = 0; i < count; i++) {
      if (Long.compareUnsigned(address - bases[i], sizes[i] - size) <= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Bytes between the slot's base and {@code address}. */
  public int offset(int slot, long address) {
    return (int) (address - bases[slot]);
  }

  public MmioDevice device(int slot) {
    return Objects.requireNonNull(devices[slot]);
  }
}
