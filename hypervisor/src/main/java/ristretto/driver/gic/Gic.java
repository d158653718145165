package ristretto.driver.gic;

import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.GicdTyper;
import ristretto.arch.gic.ListRegister;
import ristretto.lang.Inline;
import ristretto.machine.Hint;
import ristretto.machine.Mmio;
import ristretto.machine.SysReg;

/**
 * The physical interrupt controller: distributor, CPU interface with split priority drop and
 * deactivation (EOImode 1), and the virtual CPU interface that list registers feed.
 *
 * <p>CPUs are named by the index they were started with. A method that changes an SGI or PPI (INTID
 * below 32) takes the CPU whose it is; it is ignored for an SPI. With GICv2 that CPU must be the
 * calling one, because the registers are banked.
 */
public abstract class Gic {
  /** Every physical interrupt's priority: the hypervisor does not nest them. */
  static final int PRIORITY = 0xa0;

  /** Four {@link #PRIORITY} bytes. */
  static final int PRIORITY_WORD = 0xa0a0_a0a0;

  /**
   * How long hardware may take to finish something, in ticks: 50 ms at 1 GHz, 0.8 s at 62.5 MHz. It
   * takes well under a microsecond when it works at all.
   */
  private static final long PATIENCE = 50_000_000;

  final Mmio distributor;

  /** INTIDs below this may exist. */
  private int lines;

  private int listRegisters;

  Gic(long distributorBase) {
    this.distributor = new Mmio(distributorBase);
  }

  /** 2 or 3. */
  public abstract int version();

  /** Resets and enables the distributor. Once, on the boot CPU, before any {@link #startCpu}. */
  public abstract GicStart startDistributor();

  /**
   * Makes the calling CPU take interrupts: SGIs enabled, PPIs disabled.
   *
   * @param cpu the number it is known by from now on
   * @param mpidr its MPIDR_EL1
   */
  public abstract GicStart startCpu(int cpu, long mpidr);

  /** SPIs have INTIDs from 32 to one less than this. */
  public final int lines() {
    return lines;
  }

  /** How many list registers each CPU has. */
  public final int listRegisters() {
    return listRegisters;
  }

  /** A bit for each list register. */
  @Inline
  public final int listRegisterMask() {
    return (1 << listRegisters) - 1;
  }

  // CPU interface of the calling CPU

  /** Takes the highest-priority pending interrupt: the register's value, for {@link #intid}. */
  public abstract int acknowledge();

  /** What {@link #acknowledge} would take, as its {@link #intid}; nothing is taken. */
  public abstract int highestPending();

  /** Lets interrupts of the same priority through again; the interrupt stays active. */
  public abstract void dropPriority(int acknowledged);

  /** Ends the interrupt: it may be signalled again. */
  public abstract void deactivate(int acknowledged);

  /** The INTID of what {@link #acknowledge} returned; from 1020 on there was nothing to take. */
  @Inline
  public static int intid(int acknowledged) {
    return acknowledged & 0x3ff; // INTID[9:0]: without LPIs there are no others
  }

  /** Makes the controller look at its interrupts, where it would not by itself before a WFI. */
  @Inline
  public void lookAgain() {}

  /** Raises SGI {@code sgi} on CPU {@code cpu}, after all earlier stores are visible there. */
  public abstract void sendSgi(int cpu, int sgi);

  // Distributor and redistributors

  public abstract void enable(int cpu, int intid);

  /** Disables; when it returns the interrupt is not signalled any more. */
  public abstract void disable(int cpu, int intid);

  public abstract void setPending(int cpu, int intid, boolean pending);

  public abstract void setActive(int cpu, int intid, boolean active);

  public abstract boolean isPending(int cpu, int intid);

  public abstract boolean isActive(int cpu, int intid);

  /** Edge- or level-triggered; the interrupt must be disabled. */
  public abstract void setEdge(int cpu, int intid, boolean edge);

  /** Sends SPI {@code intid} to CPU {@code cpu}. */
  public abstract void setTarget(int intid, int cpu);

  // Virtual CPU interface of the calling CPU

  public abstract long readListRegister(int n);

  public abstract void writeListRegister(int n, long bits);

  /** Bit n: list register n holds nothing; includes the effect of earlier writes. */
  public abstract int emptyListRegisters();

  /** ICH_VMCR_EL2 or GICH_VMCR: what the guest wrote to its CPU interface's control registers. */
  public abstract int readVmcr();

  public abstract void writeVmcr(int vmcr);

  /** The guest's active priorities. */
  public abstract int readActivePriorities();

  public abstract void writeActivePriorities(int priorities);

  /** What a virtual interface needs: with one list register "at most one in use" is always true. */
  static final int FEWEST_LIST_REGISTERS = 2;

  /** ICH_HCR_EL2 or GICH_HCR; see {@link ristretto.arch.gic.IchHcr}. */
  public abstract void writeHcr(int hcr);

  /** The calling CPU's virtual interface with nothing in it. */
  final void clearVirtualInterface(int count) {
    // CPUs may differ (big and little ones); a vCPU must find its list registers on each.
    listRegisters = listRegisters == 0 ? count : Math.min(listRegisters, count);
    writeHcr(0);
    writeVmcr(0);
    writeActivePriorities(0);
    for (int n = 0; n < count; n++) {
      writeListRegister(n, ListRegister.EMPTY.bits());
    }
  }

  /** What both versions reset alike: every SPI disabled, inactive, level, of one priority. */
  final void resetSpis() {
    lines = new GicdTyper(distributor.read32(Gicd.TYPER)).lines();
    for (int first = Gicd.FIRST_SPI; first < lines; first += 32) {
      int word = first / 32 * 4;
      distributor.write32(Gicd.ICENABLER + word, -1);
      distributor.write32(Gicd.ICPENDR + word, -1);
      distributor.write32(Gicd.ICACTIVER + word, -1);
    }
    for (int first = Gicd.FIRST_SPI; first < lines; first += 16) {
      distributor.write32(Gicd.ICFGR + first / 4, 0);
    }
    for (int first = Gicd.FIRST_SPI; first < lines; first += 4) {
      distributor.write32(Gicd.IPRIORITYR + first, PRIORITY_WORD);
    }
  }

  /** Sets one interrupt's bit in a register block of one bit an interrupt. */
  @Inline
  static void writeBit(Mmio block, int register, int intid) {
    block.write32(register + intid / 32 * 4, 1 << intid % 32);
  }

  @Inline
  static boolean readBit(Mmio block, int register, int intid) {
    return (block.read32(register + intid / 32 * 4) >>> intid % 32 & 1) != 0;
  }

  /** Sets the upper bit of the interrupt's field in ICFGR. */
  static void writeEdge(Mmio block, int intid, boolean edge) {
    int register = Gicd.ICFGR + intid / 16 * 4;
    int bit = 1 << intid % 16 * 2 + 1;
    int was = block.read32(register);
    block.write32(register, edge ? was | bit : was & ~bit);
  }

  /** When a wait that starts now has failed. */
  @Inline
  static long deadline() {
    return SysReg.CNTPCT_EL0.read() + PATIENCE;
  }

  /** Passes a little time; false once {@code deadline} is over. */
  static boolean waitUntil(long deadline) {
    Hint.spin();
    return SysReg.CNTPCT_EL0.read() - deadline < 0;
  }
}
