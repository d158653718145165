package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code struct shared_info}: one page a domain, read and written by the guest at the same time.
 * {@code xen/include/public/xen.h}.
 */
@CStruct("struct shared_info")
@Unboxed
public record SharedInfo(long address) {
  public static final int VCPU_INFO = 0; // struct vcpu_info[XEN_LEGACY_MAX_VCPUS]: vCPU 0 alone
  public static final int EVTCHN_PENDING = 48; // xen_ulong_t[64]
  public static final int EVTCHN_MASK = 560; // xen_ulong_t[64]
  public static final int WC_VERSION = 1072; // uint32_t: odd while the next three change
  public static final int WC_SEC = 1076; // uint32_t
  public static final int WC_NSEC = 1080; // uint32_t
  public static final int WC_SEC_HI = 1084; // uint32_t
  public static final int SIZEOF = 1088;

  public VcpuInfo vcpu0() {
    return new VcpuInfo(address + VCPU_INFO);
  }

  /** Address of the word of {@code evtchn_pending} that holds {@code port}. */
  public long pendingWord(int port) {
    return address + EVTCHN_PENDING + 8L * (port >>> 6);
  }

  /** Address of the word of {@code evtchn_mask} that holds {@code port}. */
  public long maskWord(int port) {
    return address + EVTCHN_MASK + 8L * (port >>> 6);
  }

  public int wallclockVersion() {
    return Memory.load32(address + WC_VERSION);
  }
}
