package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** The parts of {@link Sysctl} about CPUs, nodes and domains. xen/include/public/sysctl.h. */
public final class SysctlMachine {
  private SysctlMachine() {}

  @CStruct("struct xen_sysctl_sched_id")
  @Unboxed
  public record SchedulerId(long address) {
    public static final int SCHED_ID = 0; // uint32_t, OUT
    public static final int SIZEOF = 4;

    public void set(int scheduler) {
      Memory.store32(address + SCHED_ID, scheduler);
    }
  }

  @CStruct("struct xen_sysctl_getdomaininfolist")
  @Unboxed
  public record DomainInfoList(long address) {
    public static final int FIRST_DOMAIN = 0; // domid_t, IN
    public static final int MAX_DOMAINS = 4; // uint32_t, IN
    public static final int BUFFER = 8; // XEN_GUEST_HANDLE_64(xen_domctl_getdomaininfo_t), IN
    public static final int NUM_DOMAINS = 16; // uint32_t, OUT
    public static final int SIZEOF = 24;

    public int first() {
      return Memory.load16(address + FIRST_DOMAIN);
    }

    /** Elements that there is room for, unsigned. */
    public long room() {
      return Integer.toUnsignedLong(Memory.load32(address + MAX_DOMAINS));
    }

    public long buffer() {
      return Memory.load64(address + BUFFER);
    }

    public void setCount(int domains) {
      Memory.store32(address + NUM_DOMAINS, domains);
    }
  }

  @CStruct("struct xen_sysctl_getcpuinfo")
  @Unboxed
  public record CpuInfo(long address) {
    public static final int MAX_CPUS = 0; // uint32_t, IN
    public static final int INFO = 8; // XEN_GUEST_HANDLE_64(xen_sysctl_cpuinfo_t): idle time in ns

    public static final int NR_CPUS = 16; // uint32_t, OUT
    public static final int SIZEOF = 24;

    /** Elements that there is room for, unsigned. */
    public long room() {
      return Integer.toUnsignedLong(Memory.load32(address + MAX_CPUS));
    }

    public long buffer() {
      return Memory.load64(address + INFO);
    }

    public void setCount(int cpus) {
      Memory.store32(address + NR_CPUS, cpus);
    }
  }

  @CStruct("struct xen_sysctl_availheap")
  @Unboxed
  public record AvailableHeap(long address) {
    public static final int MIN_BITWIDTH = 0; // uint32_t, IN
    public static final int MAX_BITWIDTH = 4; // uint32_t, IN
    public static final int NODE = 8; // int32_t, IN: -1 is all
    public static final int AVAIL_BYTES = 16; // uint64_t, OUT
    public static final int SIZEOF = 24;

    /** Memory at any address is meant. */
    public boolean isUnbounded() {
      return Memory.load32(address + MIN_BITWIDTH) == 0
          && Memory.load32(address + MAX_BITWIDTH) == 0;
    }

    public int node() {
      return Memory.load32(address + NODE);
    }

    public void setBytes(long bytes) {
      Memory.store64(address + AVAIL_BYTES, bytes);
    }
  }

  @CStruct("struct xen_sysctl_cputopoinfo")
  @Unboxed
  public record CpuTopology(long address) {
    public static final int NUM_CPUS = 0; // uint32_t, IN and OUT
    public static final int CPUTOPO = 8; // XEN_GUEST_HANDLE_64(xen_sysctl_cputopo_t), IN

    public static final int SIZEOF = 16;

    /** Elements that there is room for, unsigned. */
    public long room() {
      return Integer.toUnsignedLong(Memory.load32(address + NUM_CPUS));
    }

    public long buffer() {
      return Memory.load64(address + CPUTOPO);
    }

    public void setCount(int cpus) {
      Memory.store32(address + NUM_CPUS, cpus);
    }
  }

  /** Element of {@link CpuTopology}. */
  @CStruct("struct xen_sysctl_cputopo")
  @Unboxed
  public record CpuPlace(long address) {
    public static final int CORE = 0; // uint32_t
    public static final int SOCKET = 4; // uint32_t
    public static final int NODE = 8; // uint32_t
    public static final int SIZEOF = 12;

    public void setSocket(int number) {
      Memory.store32(address + SOCKET, number);
    }
  }

  @CStruct("struct xen_sysctl_numainfo")
  @Unboxed
  public record NumaInfo(long address) {
    public static final int NUM_NODES = 0; // uint32_t, IN and OUT
    public static final int MEMINFO = 8; // XEN_GUEST_HANDLE_64(xen_sysctl_meminfo_t), IN

    public static final int DISTANCE = 16; // XEN_GUEST_HANDLE_64(uint32), IN: nodes * nodes

    public static final int SIZEOF = 24;

    /** Nodes that there is room for, unsigned. */
    public long room() {
      return Integer.toUnsignedLong(Memory.load32(address + NUM_NODES));
    }

    public long memory() {
      return Memory.load64(address + MEMINFO);
    }

    public long distances() {
      return Memory.load64(address + DISTANCE);
    }

    public void setCount(int nodes) {
      Memory.store32(address + NUM_NODES, nodes);
    }
  }

  /** Element of {@link NumaInfo}. */
  @CStruct("struct xen_sysctl_meminfo")
  @Unboxed
  public record NodeMemory(long address) {
    public static final int MEMSIZE = 0; // uint64_t: bytes
    public static final int MEMFREE = 8; // uint64_t: bytes
    public static final int SIZEOF = 16;

    public void set(long bytes, long free) {
      Memory.store64(address + MEMSIZE, bytes);
      Memory.store64(address + MEMFREE, free);
    }
  }
}
