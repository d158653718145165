package ristretto.abi;

import ristretto.lang.Bits;
import ristretto.machine.Memory;

/**
 * {@code xen_domain_handle_t}, 16 bytes of any alignment: a domain's UUID. Kept as two words whose
 * bytes are in the order of memory. {@code xen/include/public/xen.h}.
 */
public final class Handle {
  public static final int SIZEOF = 16;

  private Handle() {}

  public static long low(long address) {
    return load(address);
  }

  public static long high(long address) {
    return load(address + Long.BYTES);
  }

  /** Writes the 16 bytes. */
  public static void store(long address, long low, long high) {
    storeWord(address, low);
    storeWord(address + Long.BYTES, high);
  }

  /** In the structures the bytes are aligned to 4 alone. */
  private static long load(long address) {
    long low = Bits.get((long) Memory.load32(address), 31, 0);
    return Bits.put(low, 63, 32, Memory.load32(address + Integer.BYTES));
  }

  private static void storeWord(long address, long word) {
    Memory.store32(address, (int) word);
    Memory.store32(address + Integer.BYTES, (int) Bits.get(word, 63, 32));
  }
}
