package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** The parts of {@link Sysctl} that concern the console. {@code xen/include/public/sysctl.h}. */
public final class SysctlLog {
  private SysctlLog() {}

  @CStruct("struct xen_sysctl_readconsole")
  @Unboxed
  public record ReadConsole(long address) {
    public static final int CLEAR = 0; // uint8_t, IN
    public static final int INCREMENTAL = 1; // uint8_t, IN
    public static final int INDEX = 4; // uint32_t, IN and OUT
    public static final int BUFFER = 8; // XEN_GUEST_HANDLE_64(char), IN
    public static final int COUNT = 16; // uint32_t, IN and OUT
    public static final int SIZEOF = 24;

    /** What has been read is not read again. */
    public boolean clears() {
      return Memory.load8(address + CLEAR) != 0;
    }

    /** Reading begins at {@link #index}. */
    public boolean isIncremental() {
      return Memory.load8(address + INCREMENTAL) != 0;
    }

    /** A position counts the bytes ever written, modulo 2^32. */
    public int index() {
      return Memory.load32(address + INDEX);
    }

    public long buffer() {
      return Memory.load64(address + BUFFER);
    }

    /** Bytes, unsigned. */
    public long count() {
      return Integer.toUnsignedLong(Memory.load32(address + COUNT));
    }

    public void set(int index, int count) {
      Memory.store32(address + INDEX, index);
      Memory.store32(address + COUNT, count);
    }
  }

  @CStruct("struct xen_sysctl_debug_keys")
  @Unboxed
  public record Keys(long address) {
    public static final int KEYS = 0; // XEN_GUEST_HANDLE_64(const_char), IN
    public static final int NR_KEYS = 8; // uint32_t, IN
    public static final int SIZEOF = 16;

    public long keys() {
      return Memory.load64(address + KEYS);
    }

    public int count() {
      return Memory.load32(address + NR_KEYS);
    }

    /** What is left, for a continuation. */
    public void set(long keys, int count) {
      Memory.store64(address + KEYS, keys);
      Memory.store32(address + NR_KEYS, count);
    }
  }
}
