package ristretto.driver.gic;

import ristretto.arch.gic.Affinity;
import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.GicdCtlr;
import ristretto.arch.gic.Gicr;
import ristretto.arch.gic.GicrWaker;
import ristretto.arch.gic.IccSgi1r;
import ristretto.arch.gic.IchHcr;
import ristretto.arch.gic.IchVtr;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.Barrier;
import ristretto.machine.Mmio;
import ristretto.machine.SysReg;

/**
 * GICv3 with affinity routing and the system-register interface, such as GIC-600. IHI 0069. Works
 * with one Security state and, as the Non-secure side, with two. LPIs are not used.
 */
public final class Gicv3 extends Gic {
  /** ICC_SRE_EL2: SRE, DFB, DIB, Enable. */
  private static final long SRE_EL2_ON = 0xf;

  /** ICC_SRE_EL1: SRE, DFB, DIB. */
  private static final long SRE_EL1_ON = 7;

  /** ICC_CTLR_EL1.EOImode. */
  private static final long EOI_MODE_DROPS_ONLY = 2;

  /** GICR_CTLR.RWP. */
  private static final int REDISTRIBUTOR_WRITE_PENDING = 3;

  /** All SGIs. */
  private static final int SGIS = 0xffff;

  /** Preemption bits for which ICH_AP1R0_EL2 holds all active priorities. */
  private static final int PREEMPTION_BITS = 5;

  private final Redistributors redistributors;

  /** By CPU index: the redistributor's address, and ICC_SGI1R_EL1 for SGI 0 to that CPU. */
  private final long[] frames;

  private final long[] sgiTargets;

  /** By CPU index, the affinity as GICD_IROUTER wants it. */
  private final long[] routes;

  /**
   * @param cpus the largest number of CPUs
   */
  @BootOnly
  public Gicv3(long distributorBase, Redistributors redistributors, int cpus) {
    super(distributorBase);
    this.redistributors = redistributors;
    this.frames = new long[cpus];
    this.sgiTargets = new long[cpus];
    this.routes = new long[cpus];
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public GicStart startDistributor() {
    distributor.write32(Gicd.CTLR, 0);
    if (!distributorSettles()) {
      return GicStart.DISTRIBUTOR_STUCK;
    }
    // Affinity routing first: the registers below mean something else without it.
    distributor.write32(Gicd.CTLR, GicdCtlr.AFFINITY_ROUTING);
    if (!distributorSettles()) {
      return GicStart.DISTRIBUTOR_STUCK;
    }
    resetSpis();
    for (int first = Gicd.FIRST_SPI; first < lines(); first += 32) {
      distributor.write32(Gicd.IGROUPR + first / 8, -1); // ignored where Security has two states
    }
    distributor.write32(
        Gicd.CTLR, GicdCtlr.AFFINITY_ROUTING | GicdCtlr.ENABLE_GROUP_1 | GicdCtlr.ENABLE_GROUP_0);
    return distributorSettles() ? GicStart.STARTED : GicStart.DISTRIBUTOR_STUCK;
  }

  @Override
  public GicStart startCpu(int cpu, long mpidr) {
    int affinity = Affinity.ofMpidr(mpidr);
    long frame = redistributors.find(affinity);
    if (frame == 0) {
      return GicStart.NO_REDISTRIBUTOR;
    }
    frames[cpu] = frame;
    sgiTargets[cpu] = IccSgi1r.to(affinity).bits();
    routes[cpu] = Affinity.toMpidr(affinity);
    if (!wake(new Mmio(frame))) {
      return GicStart.REDISTRIBUTOR_ASLEEP;
    }
    resetPrivate(cpu);
    return startInterface();
  }

  private static boolean wake(Mmio redistributor) {
    GicrWaker waker = new GicrWaker(redistributor.read32(Gicr.WAKER));
    redistributor.write32(Gicr.WAKER, waker.withProcessorSleep(false).bits());
    long deadline = deadline();
    while (new GicrWaker(redistributor.read32(Gicr.WAKER)).childrenAsleep()) {
      if (!waitUntil(deadline)) {
        return false;
      }
    }
    return true;
  }

  private void resetPrivate(int cpu) {
    Mmio block = privateRegisters(cpu);
    block.write32(Gicd.ICENABLER, -1);
    block.write32(Gicd.ICPENDR, -1);
    block.write32(Gicd.ICACTIVER, -1);
    block.write32(Gicd.IGROUPR, -1);
    for (int first = 0; first < Gicd.FIRST_SPI; first += 4) {
      block.write32(Gicd.IPRIORITYR + first, PRIORITY_WORD);
    }
    redistributorSettles(cpu);
    block.write32(Gicd.ISENABLER, SGIS);
  }

  private GicStart startInterface() {
    SysReg.ICC_SRE_EL2.write(SRE_EL2_ON);
    Barrier.isb(); // the registers below exist from here on
    if (!Bits.isSet(SysReg.ICC_SRE_EL2.read(), 0)) {
      return GicStart.NO_SYSTEM_REGISTERS;
    }
    SysReg.ICC_SRE_EL1.write(SRE_EL1_ON);
    Barrier.isb();
    IchVtr vtr = new IchVtr((int) SysReg.ICH_VTR_EL2.read());
    if (vtr.preemptionBits() > PREEMPTION_BITS) {
      return GicStart.TOO_MANY_PREEMPTION_LEVELS;
    }
    if (vtr.listRegisters() < FEWEST_LIST_REGISTERS) {
      return GicStart.TOO_FEW_LIST_REGISTERS;
    }
    clearVirtualInterface(vtr.listRegisters());
    SysReg.ICH_AP0R0_EL2.write(0);
    writeHcr(IchHcr.ENABLE);
    SysReg.ICC_PMR_EL1.write(0xff);
    SysReg.ICC_BPR1_EL1.write(0);
    SysReg.ICC_CTLR_EL1.write(EOI_MODE_DROPS_ONLY);
    SysReg.ICC_IGRPEN1_EL1.write(1);
    Barrier.isb();
    return GicStart.STARTED;
  }

  @Override
  @Inline
  public int acknowledge() {
    int acknowledged = (int) SysReg.ICC_IAR1_EL1.read();
    // The interrupt is active before anything that follows. IHI 0069, "Acknowledgement".
    Barrier.dsbSy();
    return acknowledged;
  }

  @Override
  @Cold
  public int highestPending() {
    return intid((int) SysReg.ICC_HPPIR1_EL1.read());
  }

  @Override
  @Inline
  public void dropPriority(int acknowledged) {
    SysReg.ICC_EOIR1_EL1.write(acknowledged);
  }

  @Override
  @Inline
  public void deactivate(int acknowledged) {
    SysReg.ICC_DIR_EL1.write(acknowledged);
  }

  @Override
  public void sendSgi(int cpu, int sgi) {
    Barrier.dsbIshst(); // what the other CPU is to see comes before the interrupt
    SysReg.ICC_SGI1R_EL1.write(new IccSgi1r(sgiTargets[cpu]).withIntid(sgi).bits());
    Barrier.isb();
  }

  @Override
  public void enable(int cpu, int intid) {
    writeBit(registers(cpu, intid), Gicd.ISENABLER, intid);
  }

  @Override
  public void disable(int cpu, int intid) {
    writeBit(registers(cpu, intid), Gicd.ICENABLER, intid);
    if (intid < Gicd.FIRST_SPI) {
      redistributorSettles(cpu);
    } else {
      distributorSettles();
    }
  }

  @Override
  public void setPending(int cpu, int intid, boolean pending) {
    writeBit(registers(cpu, intid), pending ? Gicd.ISPENDR : Gicd.ICPENDR, intid);
  }

  @Override
  public void setActive(int cpu, int intid, boolean active) {
    writeBit(registers(cpu, intid), active ? Gicd.ISACTIVER : Gicd.ICACTIVER, intid);
  }

  @Override
  public boolean isPending(int cpu, int intid) {
    return readBit(registers(cpu, intid), Gicd.ISPENDR, intid);
  }

  @Override
  public boolean isActive(int cpu, int intid) {
    return readBit(registers(cpu, intid), Gicd.ISACTIVER, intid);
  }

  @Override
  public void setEdge(int cpu, int intid, boolean edge) {
    writeEdge(registers(cpu, intid), intid, edge);
  }

  @Override
  public void setTarget(int intid, int cpu) {
    distributor.write64(Gicd.IROUTER + 8 * intid, routes[cpu]);
  }

  @Override
  @Inline
  public long readListRegister(int n) {
    return switch (n) {
      case 0 -> SysReg.ICH_LR0_EL2.read();
      case 1 -> SysReg.ICH_LR1_EL2.read();
      case 2 -> SysReg.ICH_LR2_EL2.read();
      case 3 -> SysReg.ICH_LR3_EL2.read();
      default -> HighListRegisters.read(n);
    };
  }

  @Override
  @Inline
  public void writeListRegister(int n, long bits) {
    switch (n) {
      case 0 -> SysReg.ICH_LR0_EL2.write(bits);
      case 1 -> SysReg.ICH_LR1_EL2.write(bits);
      case 2 -> SysReg.ICH_LR2_EL2.write(bits);
      case 3 -> SysReg.ICH_LR3_EL2.write(bits);
      default -> HighListRegisters.write(n, bits);
    }
  }

  @Override
  @Inline
  public int emptyListRegisters() {
    Barrier.isb(); // a list register written before this shows in ELRSR
    return (int) SysReg.ICH_ELRSR_EL2.read();
  }

  @Override
  @Inline
  public int readVmcr() {
    return (int) SysReg.ICH_VMCR_EL2.read();
  }

  @Override
  @Inline
  public void writeVmcr(int vmcr) {
    SysReg.ICH_VMCR_EL2.write(Integer.toUnsignedLong(vmcr));
  }

  @Override
  @Inline
  public int readActivePriorities() {
    return (int) SysReg.ICH_AP1R0_EL2.read();
  }

  @Override
  @Inline
  public void writeActivePriorities(int priorities) {
    SysReg.ICH_AP1R0_EL2.write(Integer.toUnsignedLong(priorities));
  }

  @Override
  @Inline
  public void writeHcr(int hcr) {
    SysReg.ICH_HCR_EL2.write(Integer.toUnsignedLong(hcr));
  }

  /** The block whose bit registers hold {@code intid}. */
  @Inline
  private Mmio registers(int cpu, int intid) {
    return intid < Gicd.FIRST_SPI ? privateRegisters(cpu) : distributor;
  }

  @Inline
  private Mmio privateRegisters(int cpu) {
    return new Mmio(frames[cpu] + Gicr.SGI_FRAME);
  }

  /** Waits for GICD_CTLR.RWP to clear; false if it does not. */
  private boolean distributorSettles() {
    long deadline = deadline();
    while (new GicdCtlr(distributor.read32(Gicd.CTLR)).isWritePending()) {
      if (!waitUntil(deadline)) {
        return false;
      }
    }
    return true;
  }

  /** Waits for GICR_CTLR.RWP to clear; false if it does not. */
  private boolean redistributorSettles(int cpu) {
    Mmio redistributor = new Mmio(frames[cpu]);
    long deadline = deadline();
    while (Bits.isSet(redistributor.read32(Gicr.CTLR), REDISTRIBUTOR_WRITE_PENDING)) {
      if (!waitUntil(deadline)) {
        return false;
      }
    }
    return true;
  }
}
