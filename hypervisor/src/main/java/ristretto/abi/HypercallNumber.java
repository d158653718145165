package ristretto.abi;

/** {@code __HYPERVISOR_*}, the number in x16. {@code xen/include/public/xen.h}. */
public final class HypercallNumber {
  public static final int PLATFORM_OP = 7;
  public static final int MEMORY_OP = 12;
  public static final int MULTICALL = 13;
  public static final int XEN_VERSION = 17;
  public static final int CONSOLE_IO = 18;
  public static final int GRANT_TABLE_OP = 20;
  public static final int VM_ASSIST = 21;
  public static final int VCPU_OP = 24;
  public static final int XSM_OP = 27;
  public static final int SCHED_OP = 29;
  public static final int EVENT_CHANNEL_OP = 32;
  public static final int PHYSDEV_OP = 33;
  public static final int HVM_OP = 34;
  public static final int SYSCTL = 35;
  public static final int DOMCTL = 36;

  /** {@code XEN_HYPERCALL_TAG}: the immediate of the HVC instruction. arch-arm.h. */
  public static final int TAG = 0xea1;

  private HypercallNumber() {}
}
