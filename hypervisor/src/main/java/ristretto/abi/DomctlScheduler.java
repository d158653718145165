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

  @CMember("u.v.vcpus")
  public static final int VCPUS = 8; // XEN_GUEST_HANDLE_64(xen_domctl_schedparam_vcpu_t), IN

  @CMember("u.v.nr_vcpus")
  public static final int NR_VCPUS = 16; // uint32_t, IN

  /** Where the parameters of a whole domain are. */
  @CMember("u.rtds")
  public static final int RTDS_PARAMETERS = 8;

  public static final int SIZEOF = 24;

  /** {@code XEN_SCHEDULER_*}. */
  public static final int CREDIT2 = 6;

  public static final int ARINC653 = 7;
  public static final int RTDS = 8;
  public static final int NULL = 9;

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

  /** Caller's address of {@link VcpuParameters}. */
  public long vcpus() {
    return Memory.load64(address + VCPUS);
  }

  /** Elements there, unsigned. */
  public int vcpuCount() {
    return Memory.load32(address + NR_VCPUS);
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

  /** Parameters of a vCPU; the number is not there in those of a whole domain. */
  @CStruct("struct xen_domctl_schedparam_vcpu")
  @Unboxed
  public record VcpuParameters(long address) {
    @CMember("u.rtds.period")
    public static final int PERIOD = 0; // uint32_t, µs

    @CMember("u.rtds.budget")
    public static final int BUDGET = 4; // uint32_t, µs

    @CMember("u.rtds.flags")
    public static final int FLAGS = 8; // uint32_t

    public static final int VCPUID = 12; // uint32_t, IN
    public static final int SIZEOF = 16;

    /** {@code XEN_DOMCTL_SCHEDRT_extra}. */
    private static final int EXTRA = 1;

    /** µs, unsigned. */
    public int period() {
      return Memory.load32(address + PERIOD);
    }

    /** µs, unsigned. */
    public int budget() {
      return Memory.load32(address + BUDGET);
    }

    public boolean extraTime() {
      return (Memory.load32(address + FLAGS) & EXTRA) != 0;
    }

    public int vcpu() {
      return Memory.load32(address + VCPUID);
    }

    public void set(int period, int budget, boolean extraTime) {
      Memory.store32(address + PERIOD, period);
      Memory.store32(address + BUDGET, budget);
      Memory.store32(address + FLAGS, extraTime ? EXTRA : 0);
    }
  }
}
