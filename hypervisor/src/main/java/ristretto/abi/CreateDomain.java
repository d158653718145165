package ristretto.abi;

import ristretto.lang.Bits;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * XEN_DOMCTL_createdomain: a {@code struct xen_domctl} with {@code u.createdomain}. From Xen 4.19
 * on {@code altp2m_opts} moves what is behind it; the interface version says whether it is there.
 */
@CStruct("struct xen_domctl")
@Unboxed
public record CreateDomain(long address) {
  @CMember("u.createdomain.ssidref")
  public static final int SSIDREF = 16; // uint32_t, IN

  @CMember("u.createdomain.handle")
  public static final int HANDLE = 20; // xen_domain_handle_t, IN: uint8_t[16]

  @CMember("u.createdomain.flags")
  public static final int FLAGS = 36; // uint32_t, IN

  @CMember("u.createdomain.iommu_opts")
  public static final int IOMMU_OPTS = 40; // uint32_t, IN

  @CMember("u.createdomain.max_vcpus")
  public static final int MAX_VCPUS = 44; // uint32_t, IN

  @CMember("u.createdomain.max_evtchn_port")
  public static final int MAX_EVTCHN_PORT = 48; // uint32_t, IN

  @CMember("u.createdomain.max_grant_frames")
  public static final int MAX_GRANT_FRAMES = 52; // int32_t, IN: negative is the default

  @CMember("u.createdomain.max_maptrack_frames")
  public static final int MAX_MAPTRACK_FRAMES = 56; // int32_t, IN: negative is the default

  @CMember("u.createdomain.grant_opts")
  public static final int GRANT_OPTS = 60; // uint32_t, IN

  public static final int SIZEOF = 144;

  // Not compared with one header, because they are not in the same place in all: ReleaseLayoutTest.

  /** Since 4.19: uint32_t altp2m_opts, IN; since 4.21 uint16_t altp2m.opts, altp2m.nr. */
  static final int ALTP2M = 64;

  private static final int ALTP2M_SIZE = 4;

  // Before 4.19; later they are farther by ALTP2M_SIZE.
  static final int VMTRACE_SIZE = 64; // uint32_t, IN
  static final int CPUPOOL_ID = 68; // uint32_t, IN
  static final int ARCH = 72; // struct xen_arch_domainconfig, IN and OUT

  /** {@code XEN_DOMCTL_CDF_hvm}. */
  public static final int FLAG_HVM = 0;

  /** {@code XEN_DOMCTL_CDF_hap}. */
  public static final int FLAG_HAP = 1;

  /** {@code XEN_DOMCTL_CDF_s3_integrity}. */
  public static final int FLAG_S3_INTEGRITY = 2;

  /** {@code XEN_DOMCTL_CDF_oos_off}. */
  public static final int FLAG_OOS_OFF = 3;

  /** {@code XEN_DOMCTL_CDF_xs_domain}. */
  public static final int FLAG_XENSTORE_DOMAIN = 4;

  /** {@code XEN_DOMCTL_CDF_iommu}. */
  public static final int FLAG_IOMMU = 5;

  /** {@code XEN_DOMCTL_CDF_nested_virt}. */
  public static final int FLAG_NESTED_VIRT = 6;

  /** {@code XEN_DOMCTL_CDF_vpmu}. */
  public static final int FLAG_VPMU = 7;

  /** {@code XEN_DOMCTL_CDF_trap_unmapped_accesses}, since Xen 4.21. */
  public static final int FLAG_TRAP_UNMAPPED = 8;

  public int securityId() {
    return Memory.load32(address + SSIDREF);
  }

  /** The UUID's first 8 bytes, as memory holds them. */
  public long handleLow() {
    return Handle.low(address + HANDLE);
  }

  /** The UUID's last 8 bytes. */
  public long handleHigh() {
    return Handle.high(address + HANDLE);
  }

  /** Bits {@code FLAG_*}. */
  public int flags() {
    return Memory.load32(address + FLAGS);
  }

  public int iommuOptions() {
    return Memory.load32(address + IOMMU_OPTS);
  }

  public int maximumVcpus() {
    return Memory.load32(address + MAX_VCPUS);
  }

  /** The highest event channel port that the domain may have. */
  public int maximumEventPort() {
    return Memory.load32(address + MAX_EVTCHN_PORT);
  }

  /** Negative: as many as the hypervisor's own setting says. */
  public int maximumGrantFrames() {
    return Memory.load32(address + MAX_GRANT_FRAMES);
  }

  /** Negative: as many as the hypervisor's own setting says. */
  public int maximumMaptrackFrames() {
    return Memory.load32(address + MAX_MAPTRACK_FRAMES);
  }

  /** {@code XEN_DOMCTL_GRANT_version}: the newest grant table version that it may choose. */
  public int grantVersion() {
    return Bits.get(Memory.load32(address + GRANT_OPTS), 3, 0);
  }

  /** Bits of grant_opts that mean nothing. */
  public boolean hasUnknownGrantOptions() {
    return Bits.get(Memory.load32(address + GRANT_OPTS), 31, 4) != 0;
  }

  /** {@code altp2m_opts}, 0 in a release that has none; of 4.21's number of views nothing. */
  public int altp2mOptions() {
    return hasAltp2m() ? Memory.load16(address + ALTP2M) : 0;
  }

  /** Bytes of a trace buffer for each vCPU; 0 is none. */
  public int traceSize() {
    return Memory.load32(address + VMTRACE_SIZE + moved());
  }

  public int cpuPool() {
    return Memory.load32(address + CPUPOOL_ID + moved());
  }

  public ArchConfig architecture() {
    return new ArchConfig(address + ARCH + moved());
  }

  private int moved() {
    return hasAltp2m() ? ALTP2M_SIZE : 0;
  }

  private boolean hasAltp2m() {
    return new Domctl(address).interfaceVersion() >= Domctl.VERSION_4_19;
  }
}
