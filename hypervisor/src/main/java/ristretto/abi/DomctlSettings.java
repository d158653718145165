package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** The parts of {@link Domctl} that set one property of a domain. domctl.h. */
public final class DomctlSettings {
  private DomctlSettings() {}

  @CStruct("struct xen_domctl_setdomainhandle")
  @Unboxed
  public record Uuid(long address) {
    public static final int HANDLE = 0; // uint8_t[16], IN
    public static final int SIZEOF = 16;

    public long low() {
      return Handle.low(address + HANDLE);
    }

    public long high() {
      return Handle.high(address + HANDLE);
    }
  }

  @CStruct("struct xen_domctl_settimeoffset")
  @Unboxed
  public record TimeOffset(long address) {
    public static final int TIME_OFFSET_SECONDS = 0; // int64_t, IN
    public static final int SIZEOF = 8;

    public long seconds() {
      return Memory.load64(address + TIME_OFFSET_SECONDS);
    }
  }

  @CStruct("struct xen_domctl_set_virq_handler")
  @Unboxed
  public record VirqHandler(long address) {
    public static final int VIRQ = 0; // uint32_t, IN
    public static final int SIZEOF = 4;

    public int virq() {
      return Memory.load32(address + VIRQ);
    }
  }

  @CStruct("struct xen_domctl_subscribe")
  @Unboxed
  public record Subscription(long address) {
    public static final int PORT = 0; // uint32_t, IN
    public static final int SIZEOF = 4;

    public int port() {
      return Memory.load32(address + PORT);
    }
  }
}
