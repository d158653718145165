package ristretto.driver.gic;

import ristretto.arch.gic.Gicc;
import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.GicdTyper;
import ristretto.arch.gic.Gich;
import ristretto.arch.gic.GichLr;
import ristretto.arch.gic.IchHcr;
import ristretto.arch.gic.IchVtr;
import ristretto.arch.gic.ListRegister;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.Barrier;
import ristretto.machine.Mmio;

/**
 * GICv2 with the Virtualization Extensions, such as GIC-400. IHI 0048. The guest's CPU interface is
 * the page GICV, mapped by stage 2 in place of GICC.
 *
 * <p>Interrupt groups are left as they are: the Non-secure side of a controller with Security
 * Extensions sees and has Group 1 only; one without starts with everything in Group 0, which is
 * what an acknowledge that knows of no groups takes.
 */
public final class Gicv2 extends Gic {
  private static final int ENABLE = 1;
  private static final int SGIS = 0xffff;

  private final Mmio cpuInterface;
  private final Mmio virtualControl;

  /** By CPU index: its bit in ITARGETSR and SGIR, shifted as SGIR wants it. */
  private final int[] sgiTargets;

  /**
   * @param cpuInterfaceBase GICC
   * @param virtualControlBase GICH, of the calling CPU
   * @param cpus the largest number of CPUs
   */
  @BootOnly
  public Gicv2(long distributorBase, long cpuInterfaceBase, long virtualControlBase, int cpus) {
    super(distributorBase);
    this.cpuInterface = new Mmio(cpuInterfaceBase);
    this.virtualControl = new Mmio(virtualControlBase);
    this.sgiTargets = new int[cpus];
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public GicStart startDistributor() {
    distributor.write32(Gicd.CTLR, 0);
    resetSpis();
    distributor.write32(Gicd.CTLR, ENABLE);
    return GicStart.STARTED;
  }

  @Override
  public GicStart startCpu(int cpu, long mpidr) {
    int mask = ownTargetMask();
    if (mask == 0) {
      return GicStart.NO_CPU_INTERFACE;
    }
    sgiTargets[cpu] = Bits.put(0, 23, 16, mask);
    distributor.write32(Gicd.ICENABLER, -1);
    distributor.write32(Gicd.ICACTIVER, -1);
    for (int first = 0; first < Gicd.FIRST_SPI; first += 4) {
      distributor.write32(Gicd.IPRIORITYR + first, PRIORITY_WORD);
    }
    distributor.write32(Gicd.ISENABLER, SGIS);
    IchVtr vtr = new IchVtr(virtualControl.read32(Gich.VTR));
    if (vtr.listRegisters() < FEWEST_LIST_REGISTERS) {
      return GicStart.TOO_FEW_LIST_REGISTERS;
    }
    clearVirtualInterface(vtr.listRegisters());
    writeHcr(IchHcr.ENABLE);
    cpuInterface.write32(Gicc.PMR, 0xff);
    cpuInterface.write32(Gicc.BPR, 0);
    cpuInterface.write32(Gicc.CTLR, Gicc.CTLR_ENABLE | Gicc.CTLR_EOI_MODE);
    return GicStart.STARTED;
  }

  /**
   * The calling CPU's bit, which it reads as the target of its private interrupts; with one CPU the
   * registers may read zero. IHI 0048, "GICD_ITARGETSRn".
   */
  private int ownTargetMask() {
    for (int first = 0; first < Gicd.FIRST_SPI; first += 4) {
      int targets = distributor.read32(Gicd.ITARGETSR + first);
      if (targets != 0) {
        return (targets | targets >>> 8 | targets >>> 16 | targets >>> 24) & 0xff;
      }
    }
    return new GicdTyper(distributor.read32(Gicd.TYPER)).cpus() == 1 ? 1 : 0;
  }

  @Override
  @Inline
  public int acknowledge() {
    return cpuInterface.read32(Gicc.IAR);
  }

  @Override
  @Cold
  public int highestPending() {
    return intid(cpuInterface.read32(Gicc.HPPIR));
  }

  @Override
  @Inline
  public void dropPriority(int acknowledged) {
    cpuInterface.write32(Gicc.EOIR, acknowledged);
  }

  @Override
  @Inline
  public void deactivate(int acknowledged) {
    cpuInterface.write32(Gicc.DIR, acknowledged);
  }

  /**
   * A write that changes nothing. QEMU's GICv2 (10.0) does not look again at what a guest
   * deactivates by a list register: its timer's interrupt, due again by then, stays pending in
   * GICD_ISPENDR, and no CPU is told (GICC_HPPIR reads 1023), until the distributor is written or
   * another wire moves.
   */
  @Override
  @Inline
  public void lookAgain() {
    distributor.write32(Gicd.ISENABLER, 0);
  }

  @Override
  public void sendSgi(int cpu, int sgi) {
    Barrier.dsbIshst(); // what the other CPU is to see comes before the interrupt
    distributor.write32(Gicd.SGIR, sgiTargets[cpu] | sgi);
  }

  @Override
  public void enable(int cpu, int intid) {
    writeBit(distributor, Gicd.ISENABLER, intid);
  }

  @Override
  public void disable(int cpu, int intid) {
    writeBit(distributor, Gicd.ICENABLER, intid);
  }

  @Override
  public void setPending(int cpu, int intid, boolean pending) {
    writeBit(distributor, pending ? Gicd.ISPENDR : Gicd.ICPENDR, intid);
  }

  @Override
  public void setActive(int cpu, int intid, boolean active) {
    writeBit(distributor, active ? Gicd.ISACTIVER : Gicd.ICACTIVER, intid);
  }

  @Override
  public boolean isPending(int cpu, int intid) {
    return readBit(distributor, Gicd.ISPENDR, intid);
  }

  @Override
  public boolean isActive(int cpu, int intid) {
    return readBit(distributor, Gicd.ISACTIVER, intid);
  }

  @Override
  public void setEdge(int cpu, int intid, boolean edge) {
    writeEdge(distributor, intid, edge);
  }

  @Override
  public void setTarget(int intid, int cpu) {
    distributor.write8(Gicd.ITARGETSR + intid, Bits.get(sgiTargets[cpu], 23, 16));
  }

  @Override
  @Inline
  public long readListRegister(int n) {
    return new GichLr(virtualControl.read32(Gich.LR + 4 * n)).toListRegister().bits();
  }

  @Override
  @Inline
  public void writeListRegister(int n, long bits) {
    virtualControl.write32(Gich.LR + 4 * n, GichLr.of(new ListRegister(bits)).bits());
  }

  @Override
  @Inline
  public int emptyListRegisters() {
    return virtualControl.read32(Gich.ELRSR0);
  }

  @Override
  @Inline
  public int readVmcr() {
    return virtualControl.read32(Gich.VMCR);
  }

  @Override
  @Inline
  public void writeVmcr(int vmcr) {
    virtualControl.write32(Gich.VMCR, vmcr);
  }

  @Override
  @Inline
  public int readActivePriorities() {
    return virtualControl.read32(Gich.APR);
  }

  @Override
  @Inline
  public void writeActivePriorities(int priorities) {
    virtualControl.write32(Gich.APR, priorities);
  }

  @Override
  @Inline
  public void writeHcr(int hcr) {
    virtualControl.write32(Gich.HCR, hcr);
  }
}
