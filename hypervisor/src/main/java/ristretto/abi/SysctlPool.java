package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** The parts of {@link Sysctl} about CPU pools and their schedulers. sysctl.h. */
public final class SysctlPool {
  /** {@code XEN_SYSCTL_CPUPOOL_OP_*}. */
  public static final int CREATE = 1;

  public static final int DESTROY = 2;
  public static final int INFO = 3;
  public static final int ADD_CPU = 4;
  public static final int REMOVE_CPU = 5;
  public static final int MOVE_DOMAIN = 6;
  public static final int FREE_INFO = 7;

  /** {@code XEN_SYSCTL_SCHEDOP_*}. */
  public static final int PUT_INFO = 0;

  public static final int GET_INFO = 1;

  /** {@code XEN_SYSCTL_SCHED_RATELIMIT_MIN}, µs. */
  public static final int RATE_LIMIT_LEAST = 100;

  public static final int RATE_LIMIT_MOST = 500_000;

  private SysctlPool() {}

  @CStruct("struct xen_sysctl_cpupool_op")
  @Unboxed
  public record Pool(long address) {
    public static final int OP = 0; // uint32_t, IN
    public static final int CPUPOOL_ID = 4; // uint32_t, IN, OUT of create and info
    public static final int SCHED_ID = 8; // uint32_t, IN of create, OUT of info
    public static final int DOMID = 12; // uint32_t, IN of movedomain
    public static final int CPU = 16; // uint32_t, IN of addcpu and rmcpu
    public static final int N_DOM = 20; // uint32_t, OUT of info
    public static final int CPUMAP = 24; // struct xenctl_bitmap, OUT of info and freeinfo
    public static final int SIZEOF = 40;

    public int operation() {
      return Memory.load32(address + OP);
    }

    public int pool() {
      return Memory.load32(address + CPUPOOL_ID);
    }

    /** {@code XEN_SCHEDULER_*}. */
    public int scheduler() {
      return Memory.load32(address + SCHED_ID);
    }

    public int cpu() {
      return Memory.load32(address + CPU);
    }

    public void setPool(int pool) {
      Memory.store32(address + CPUPOOL_ID, pool);
    }

    public int domainId() {
      return Memory.load32(address + DOMID);
    }

    public void set(int pool, int scheduler, int domains) {
      Memory.store32(address + CPUPOOL_ID, pool);
      Memory.store32(address + SCHED_ID, scheduler);
      Memory.store32(address + N_DOM, domains);
    }

    public Bitmap cpus() {
      return new Bitmap(address + CPUMAP);
    }
  }

  @CStruct("struct xen_sysctl_scheduler_op")
  @Unboxed
  public record Scheduler(long address) {
    public static final int CPUPOOL_ID = 0; // uint32_t, IN
    public static final int SCHED_ID = 4; // uint32_t, IN
    public static final int CMD = 8; // uint32_t, IN

    @CMember("u.sched_credit2.ratelimit_us")
    public static final int RATE_LIMIT = 16; // uint32_t, IN or OUT

    @CMember("u.sched_arinc653.schedule")
    public static final int SCHEDULE = 16; // XEN_GUEST_HANDLE_64(xen_sysctl_arinc653_schedule_t)

    public static final int SIZEOF = 32;

    public int pool() {
      return Memory.load32(address + CPUPOOL_ID);
    }

    /** Caller's address of a {@link Schedule}. */
    public long schedule() {
      return Memory.load64(address + SCHEDULE);
    }

    public int scheduler() {
      return Memory.load32(address + SCHED_ID);
    }

    public int command() {
      return Memory.load32(address + CMD);
    }

    /** µs. */
    public int rateLimit() {
      return Memory.load32(address + RATE_LIMIT);
    }

    public void setRateLimit(int microseconds) {
      Memory.store32(address + RATE_LIMIT, microseconds);
    }
  }

  @CStruct("struct xen_sysctl_arinc653_schedule")
  @Unboxed
  public record Schedule(long address) {
    public static final int MAJOR_FRAME = 0; // uint64_t, ns
    public static final int NUM_SCHED_ENTRIES = 8; // uint8_t
    public static final int SCHED_ENTRIES = 16;
    public static final int SIZEOF = 2064;

    /** {@code ARINC653_MAX_DOMAINS_PER_SCHEDULE}. */
    public static final int MOST_ENTRIES = 64;

    public long majorFrame() {
      return Memory.load64(address + MAJOR_FRAME);
    }

    public int count() {
      return Memory.load8(address + NUM_SCHED_ENTRIES);
    }

    public void set(long majorFrame, int count) {
      Memory.store64(address + MAJOR_FRAME, majorFrame);
      Memory.store64(address + NUM_SCHED_ENTRIES, count); // and the padding
    }
  }

  /** An entry of {@link Schedule}; its C type has no name. */
  @Unboxed
  public record ScheduleEntry(long address) {
    private static final int HANDLE = 0; // xen_domain_handle_t
    private static final int VCPU_ID = 16; // uint32_t
    private static final int RUNTIME = 24; // uint64_t, ns
    public static final int SIZEOF = 32;

    public long handleLow() {
      return Memory.load64(address + HANDLE);
    }

    public long handleHigh() {
      return Memory.load64(address + HANDLE + Long.BYTES);
    }

    public int vcpu() {
      return Memory.load32(address + VCPU_ID);
    }

    public long runtime() {
      return Memory.load64(address + RUNTIME);
    }

    public void set(long handleLow, long handleHigh, int vcpu, long runtime) {
      Memory.store64(address + HANDLE, handleLow);
      Memory.store64(address + HANDLE + Long.BYTES, handleHigh);
      Memory.store64(address + VCPU_ID, Integer.toUnsignedLong(vcpu)); // and the padding
      Memory.store64(address + RUNTIME, runtime);
    }
  }
}
