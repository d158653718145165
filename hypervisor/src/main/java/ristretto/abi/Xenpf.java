package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** {@code XENPF_*}, sub-operations of platform_op. {@code xen/include/public/platform.h}. */
public final class Xenpf {
  public static final int SETTIME64 = 62;

  /** {@code XENPF_INTERFACE_VERSION}. */
  public static final int INTERFACE_VERSION = 0x03000001;

  private Xenpf() {}

  @CStruct("struct xen_platform_op")
  @Unboxed
  public record Operation(long address) {
    public static final int CMD = 0; // uint32_t, IN
    public static final int INTERFACE_VERSION = 4; // uint32_t, IN

    @CMember("u.settime64.secs")
    public static final int SETTIME_SECS = 8; // uint64_t, IN: since 1970

    @CMember("u.settime64.nsecs")
    public static final int SETTIME_NSECS = 16; // uint32_t, IN

    @CMember("u.settime64.mbz")
    public static final int SETTIME_MBZ = 20; // uint32_t, IN: 0

    @CMember("u.settime64.system_time")
    public static final int SETTIME_SYSTEM_TIME = 24; // uint64_t, IN: ns, when that was

    public static final int SIZEOF = 136;

    public int command() {
      return Memory.load32(address + CMD);
    }

    public int interfaceVersion() {
      return Memory.load32(address + INTERFACE_VERSION);
    }

    public long seconds() {
      return Memory.load64(address + SETTIME_SECS);
    }

    public long nanoseconds() {
      return Integer.toUnsignedLong(Memory.load32(address + SETTIME_NSECS));
    }

    public int mustBeZero() {
      return Memory.load32(address + SETTIME_MBZ);
    }

    public long systemTime() {
      return Memory.load64(address + SETTIME_SYSTEM_TIME);
    }
  }
}
