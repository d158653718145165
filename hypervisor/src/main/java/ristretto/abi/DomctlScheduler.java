package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** XEN_DOMCTL_scheduler_op. {@code xen/include/public/domctl.h}. */
@CStruct("struct xen_domctl_scheduler_op")
@Unboxed
public record DomctlScheduler(long address) {
  public static final int SCHED_ID = 0; // uint32_t, IN
  public static final int CMD = 4; // uint32_t, IN

  @CMember("u.credit2.weight")
  public static final int WEIGHT = 8; // uint16_t, IN or OUT

  @CMember("u.credit2.cap")
  public static final int CAP = 10; // uint16_t, IN or OUT

  public static final int SIZEOF = 24;

  /** {@code XEN_SCHEDULER_CREDIT2}. */
  public static final int CREDIT2 = 6;

  /** {@code XEN_DOMCTL_SCHEDOP_*}. */
  public static final int PUT_INFO = 0;

  public static final int GET_INFO = 1;
  public static final int PUT_VCPU_INFO = 2;
  public static final int GET_VCPU_INFO = 3;

  public int scheduler() {
    return Memory.load32(address + SCHED_ID);
  }

  public int command() {
    return Memory.load32(address + CMD);
  }

  public int weight() {
    return Memory.load16(address + WEIGHT);
  }

  public int cap() {
    return Memory.load16(address + CAP);
  }

  public void set(int weight, int cap) {
    Memory.store16(address + WEIGHT, weight);
    Memory.store16(address + CAP, cap);
  }
}
