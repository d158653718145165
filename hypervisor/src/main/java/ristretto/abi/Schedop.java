package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** {@code SCHEDOP_*} and {@code SHUTDOWN_*}. {@code xen/include/public/sched.h}. */
public final class Schedop {
  public static final int YIELD = 0;
  public static final int BLOCK = 1;
  public static final int SHUTDOWN = 2;
  public static final int POLL = 3;
  public static final int REMOTE_SHUTDOWN = 4;
  public static final int SHUTDOWN_CODE = 5;
  public static final int WATCHDOG = 6;
  public static final int PIN_OVERRIDE = 7;

  public static final int REASON_POWEROFF = 0;
  public static final int REASON_REBOOT = 1;
  public static final int REASON_SUSPEND = 2;
  public static final int REASON_CRASH = 3;
  public static final int REASON_WATCHDOG = 4;
  public static final int REASON_SOFT_RESET = 5;

  /** {@code SHUTDOWN_MAX}. */
  public static final int REASON_MAX = 5;

  private Schedop() {}

  @CStruct("struct sched_shutdown")
  @Unboxed
  public record Shutdown(long address) {
    public static final int REASON = 0; // unsigned int, IN
    public static final int SIZEOF = 4;

    public int reason() {
      return Memory.load32(address + REASON);
    }
  }

  @CStruct("struct sched_poll")
  @Unboxed
  public record Poll(long address) {
    public static final int PORTS = 0; // XEN_GUEST_HANDLE(evtchn_port_t), IN
    public static final int NR_PORTS = 8; // unsigned int, IN
    public static final int TIMEOUT = 16; // uint64_t, IN: system time in ns, 0 is none
    public static final int SIZEOF = 24;

    public long ports() {
      return Memory.load64(address + PORTS);
    }

    public int portCount() {
      return Memory.load32(address + NR_PORTS);
    }

    public long timeout() {
      return Memory.load64(address + TIMEOUT);
    }
  }

  @CStruct("struct sched_remote_shutdown")
  @Unboxed
  public record RemoteShutdown(long address) {
    public static final int DOMAIN_ID = 0; // domid_t, IN
    public static final int REASON = 4; // unsigned int, IN
    public static final int SIZEOF = 8;

    public int domainId() {
      return Memory.load16(address + DOMAIN_ID);
    }

    public int reason() {
      return Memory.load32(address + REASON);
    }
  }

  @CStruct("struct sched_watchdog")
  @Unboxed
  public record Watchdog(long address) {
    public static final int ID = 0; // uint32_t, IN: 0 asks for a new one
    public static final int TIMEOUT = 4; // uint32_t, IN: seconds, 0 ends it
    public static final int SIZEOF = 8;

    public int id() {
      return Memory.load32(address + ID);
    }

    public int timeout() {
      return Memory.load32(address + TIMEOUT);
    }
  }
}
