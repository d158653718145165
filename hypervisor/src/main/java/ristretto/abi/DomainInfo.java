package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** XEN_DOMCTL_getdomaininfo, and the elements of XEN_SYSCTL_getdomaininfolist. All of it is OUT. */
@CStruct("struct xen_domctl_getdomaininfo")
@Unboxed
public record DomainInfo(long address) {
  public static final int DOMAIN = 0; // domid_t
  public static final int FLAGS = 4; // uint32_t
  public static final int TOT_PAGES = 8; // uint64_t
  public static final int MAX_PAGES = 16; // uint64_t
  public static final int OUTSTANDING_PAGES = 24; // uint64_t
  public static final int SHR_PAGES = 32; // uint64_t
  public static final int PAGED_PAGES = 40; // uint64_t
  public static final int SHARED_INFO_FRAME = 48; // uint64_t
  public static final int CPU_TIME = 56; // uint64_t, ns
  public static final int NR_ONLINE_VCPUS = 64; // uint32_t
  public static final int MAX_VCPU_ID = 68; // uint32_t
  public static final int SSIDREF = 72; // uint32_t
  public static final int HANDLE = 76; // uint8_t[16]
  public static final int CPUPOOL = 92; // uint32_t
  public static final int GPADDR_BITS = 96; // uint8_t
  public static final int ARCH_CONFIG = 104; // struct xen_arch_domainconfig
  public static final int SIZEOF = 120;

  /** {@code XEN_DOMINF_*}: bits of the flags. */
  public static final int FLAG_DYING = 0;

  public static final int FLAG_HVM_GUEST = 1;
  public static final int FLAG_SHUTDOWN = 2;
  public static final int FLAG_PAUSED = 3;
  public static final int FLAG_BLOCKED = 4;
  public static final int FLAG_RUNNING = 5;
  public static final int FLAG_HAP = 8;

  /** {@code XEN_DOMINF_shutdownshift}: the reason is in [23:16]. */
  public static final int SHUTDOWN_REASON_LOW = 16;

  public static final int SHUTDOWN_REASON_HIGH = 23;

  /** {@code XEN_INVALID_MAX_VCPU_ID}: it has no vCPUs. */
  public static final int NO_VCPUS = -1;

  public void setDomain(int id) {
    Memory.store16(address + DOMAIN, id);
  }

  public void setFlags(int flags) {
    Memory.store32(address + FLAGS, flags);
  }

  /** Frames of guest memory, and the most that there may be. */
  public void setPages(long total, long maximum) {
    Memory.store64(address + TOT_PAGES, total);
    Memory.store64(address + MAX_PAGES, maximum);
  }

  public void setOutstandingPages(long frames) {
    Memory.store64(address + OUTSTANDING_PAGES, frames);
  }

  /** Guest frame of the shared info page; all ones while it is mapped nowhere. */
  public void setSharedInfoFrame(long gfn) {
    Memory.store64(address + SHARED_INFO_FRAME, gfn);
  }

  public void setCpuTime(long nanoseconds) {
    Memory.store64(address + CPU_TIME, nanoseconds);
  }

  public void setVcpus(int online, int highestId) {
    Memory.store32(address + NR_ONLINE_VCPUS, online);
    Memory.store32(address + MAX_VCPU_ID, highestId);
  }

  public void setSecurityId(int id) {
    Memory.store32(address + SSIDREF, id);
  }

  public void setHandle(long low, long high) {
    Handle.store(address + HANDLE, low, high);
  }

  public void setCpuPool(int pool) {
    Memory.store32(address + CPUPOOL, pool);
  }

  public void setAddressBits(int bits) {
    Memory.store8(address + GPADDR_BITS, bits);
  }

  public ArchConfig architecture() {
    return new ArchConfig(address + ARCH_CONFIG);
  }
}
