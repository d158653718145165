package ristretto.core.domain;

import ristretto.abi.Errno;
import ristretto.arch.gic.Gicc;
import ristretto.arch.gic.Gicd;
import ristretto.core.interrupt.Vgic;
import ristretto.core.time.SystemTime;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * The machine that a domain beside Dom0 sees, as the toolstack's device tree describes it: "Virtual
 * machine platform" of xen/include/public/arch-arm.h. Its interrupt controller is of the version of
 * the machine's own.
 */
public final class GuestPlatform {
  /** {@code GUEST_GICD_BASE} and {@code GUEST_GICV3_GICD_BASE}. */
  private static final long DISTRIBUTOR = 0x0300_1000L;

  /** {@code GUEST_GICC_BASE}. */
  private static final long CPU_INTERFACE = 0x0300_2000L;

  /** {@code GUEST_GICV3_GICR0_BASE}. */
  private static final long REDISTRIBUTORS = 0x0302_0000L;

  private static final long NANOSECONDS_PER_SECOND = 1_000_000_000;

  private static int gicVersion;
  private static long virtualCpuInterface;
  private static int timerFrequency;

  private GuestPlatform() {}

  /**
   * Boot: what of this machine every domain sees.
   *
   * @param version 2 or 3: that of the interrupt controller
   * @param cpuInterface version 2: physical address of the virtual CPU interface, GICV
   * @param frequency Hz that the device tree gives the timer, 0 if none
   */
  @BootOnly
  public static void configure(int version, long cpuInterface, long frequency) {
    gicVersion = version;
    virtualCpuInterface = cpuInterface;
    timerFrequency = (int) frequency;
  }

  /** 2 or 3: that of every domain's interrupt controller. */
  public static int gicVersion() {
    return gicVersion;
  }

  /** Hz, for a domain's device tree; 0: CNTFRQ_EL0 is right. */
  public static int timerFrequency() {
    return timerFrequency;
  }

  /**
   * Gives a new domain, whose stage 2 is open, its interrupt controller, and lets its virtual
   * counter begin at 0: the time of day that it is shown is that of this moment.
   *
   * @param lines INTIDs, a multiple of 32
   * @return OK or ENOMEM
   */
  @Cold
  static long build(Domain domain, int lines) {
    long now = SysReg.CNTPCT_EL0.read();
    domain.counterOffset = now;
    domain.settings.timeOffset = SystemTime.toNanoseconds(now) / NANOSECONDS_PER_SECOND;
    Vgic vgic = domain.vgic;
    vgic.reset(gicVersion, lines);
    if (gicVersion == 2) {
      domain.mmio.add(DISTRIBUTOR, Gicd.SIZE_V2, vgic.distributor());
      return domain.p2m.mapDevice(CPU_INTERFACE, virtualCpuInterface, Gicc.SIZE);
    }
    domain.mmio.add(DISTRIBUTOR, Gicd.SIZE_V3, vgic.distributor());
    domain.mmio.add(REDISTRIBUTORS, vgic.redistributorsSize(), vgic.redistributors());
    return Errno.OK;
  }
}
