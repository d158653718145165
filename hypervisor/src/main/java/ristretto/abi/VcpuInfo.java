package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code struct vcpu_info}, in memory that the guest writes too. {@code xen/include/public/xen.h}.
 */
@CStruct("struct vcpu_info")
@Unboxed
public record VcpuInfo(long address) {
  public static final int EVTCHN_UPCALL_PENDING = 0; // uint8_t
  public static final int EVTCHN_PENDING_SEL = 8; // xen_ulong_t
  public static final int TIME = 16; // struct vcpu_time_info
  public static final int SIZEOF = 48;

  /** {@code _Alignof(struct vcpu_info)}. */
  public static final int ALIGNMENT = 8;

  public boolean upcallPending() {
    return Memory.load8(address + EVTCHN_UPCALL_PENDING) != 0;
  }

  public void setUpcallPending() {
    Memory.store8(address + EVTCHN_UPCALL_PENDING, 1);
  }

  /** Address of {@code evtchn_pending_sel}. */
  public long selector() {
    return address + EVTCHN_PENDING_SEL;
  }
}
