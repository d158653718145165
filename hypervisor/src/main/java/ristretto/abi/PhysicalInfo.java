package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/** XEN_SYSCTL_physinfo. All of it is OUT. {@code xen/include/public/sysctl.h}. */
@CStruct("struct xen_sysctl_physinfo")
@Unboxed
public record PhysicalInfo(long address) {
  public static final int THREADS_PER_CORE = 0; // uint32_t
  public static final int CORES_PER_SOCKET = 4; // uint32_t
  public static final int NR_CPUS = 8; // uint32_t
  public static final int MAX_CPU_ID = 12; // uint32_t
  public static final int NR_NODES = 16; // uint32_t
  public static final int MAX_NODE_ID = 20; // uint32_t
  public static final int CPU_KHZ = 24; // uint32_t
  public static final int CAPABILITIES = 28; // uint32_t
  public static final int ARCH_CAPABILITIES = 32; // uint32_t
  public static final int TOTAL_PAGES = 40; // uint64_t
  public static final int FREE_PAGES = 48; // uint64_t
  public static final int SCRUB_PAGES = 56; // uint64_t
  public static final int OUTSTANDING_PAGES = 64; // uint64_t
  public static final int MAX_MFN = 72; // uint64_t
  public static final int HW_CAP = 80; // uint32_t[8]
  public static final int SIZEOF = 112;

  /** {@code XEN_SYSCTL_PHYSCAP_*}: bits of the capabilities. */
  public static final int CAPABILITY_HVM = 0;

  public static final int CAPABILITY_HAP = 3;
  public static final int CAPABILITY_VPMU = 7;
  public static final int CAPABILITY_GNTTAB_V1 = 8;

  public void setCpus(int count, int ofOneSocket) {
    Memory.store32(address + THREADS_PER_CORE, 1);
    Memory.store32(address + CORES_PER_SOCKET, ofOneSocket);
    Memory.store32(address + NR_CPUS, count);
    Memory.store32(address + MAX_CPU_ID, count - 1);
  }

  public void setNodes(int count) {
    Memory.store32(address + NR_NODES, count);
    Memory.store32(address + MAX_NODE_ID, count - 1);
  }

  public void setKilohertz(int frequency) {
    Memory.store32(address + CPU_KHZ, frequency);
  }

  /** Bits {@code CAPABILITY_*}. */
  public void setCapabilities(int bits) {
    Memory.store32(address + CAPABILITIES, bits);
  }

  /** Frames of RAM, and those of them that nobody has. */
  public void setPages(long total, long free) {
    Memory.store64(address + TOTAL_PAGES, total);
    Memory.store64(address + FREE_PAGES, free);
  }

  /** Frames that are claimed and not yet populated. */
  public void setOutstandingPages(long frames) {
    Memory.store64(address + OUTSTANDING_PAGES, frames);
  }

  public void setHighestFrame(long frame) {
    Memory.store64(address + MAX_MFN, frame);
  }
}
