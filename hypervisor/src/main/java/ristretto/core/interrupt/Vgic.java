package ristretto.core.interrupt;

import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.Gicr;
import ristretto.arch.gic.IccSgi1r;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.vdev.MmioDevice;
import ristretto.vdev.gic.DistributorRegisters;
import ristretto.vdev.gic.GicModel;
import ristretto.vdev.gic.PrivateInterrupts;
import ristretto.vdev.gic.RedistributorRegisters;

/**
 * A domain's virtual interrupt controller: what the rest of the hypervisor asks of it, and what
 * accesses to its registers mean. The virtual machine sees what a Non-secure one sees on hardware:
 * every interrupt is in Group 1 and IGROUPR reads zero.
 *
 * <p>The lock, of rank {@link LockRank#VGIC}, guards the SPIs: {@link VgicSpis}. Private interrupts
 * have no lock: see {@link VgicCpu}.
 */
public final class Vgic extends GicModel {
  /** INTIDs that any domain may have: the architecture's limit without extended SPIs. */
  public static final int MAX_LINES = 1024;

  final SpiState spiState;
  final SpiDispatch dispatch;

  private final Domain domain;
  private final SpinLock lock;
  private final PhysicalSpis physical;
  private final VgicSpis spis;
  private final DistributorRegisters distributor = new DistributorRegisters(this);
  private final RedistributorRegisters redistributors = new RedistributorRegisters(this);

  /**
   * @param capacity INTIDs to have room for, a multiple of 32 up to {@link #MAX_LINES}
   */
  @BootOnly
  public Vgic(Domain domain, int capacity) {
    super(capacity);
    this.domain = domain;
    this.lock = new SpinLock(LockRank.VGIC, domain);
    this.spiState = new SpiState(shared);
    this.physical = new PhysicalSpis(domain, this, lock, spiState);
    this.dispatch = new SpiDispatch(domain, this, lock, spiState, physical);
    this.spis = new VgicSpis(domain, this, lock, spiState, physical, dispatch);
  }

  /** INTIDs that {@link #reset} may be asked for. */
  public int capacity() {
    return shared.capacity();
  }

  /**
   * Sets the controller up for a new domain, before any of its vCPUs runs.
   *
   * @param version 2 or 3: that of the physical controller
   * @param lines INTIDs, a multiple of 32 from 32 to {@link #capacity}
   */
  public void reset(int version, int lines) {
    configure(version, domain.maximumVcpus, lines);
    spiState.reset();
    physical.reset();
    for (int i = 0; i < domain.maximumVcpus; i++) {
      domain.vcpus[i].vgic.reset();
    }
  }

  /** For the domain's MMIO map; its size is {@link Gicd#SIZE_V2} or {@link Gicd#SIZE_V3}. */
  public MmioDevice distributor() {
    return distributor;
  }

  /** For the domain's MMIO map, GICv3; its size is {@link #redistributorsSize}. */
  public MmioDevice redistributors() {
    return redistributors;
  }

  public long redistributorsSize() {
    return (long) Gicr.SIZE * cpus();
  }

  // What the rest of the hypervisor calls

  /** Makes an edge-triggered interrupt pending, wherever the vCPU is. */
  @Inline
  public static void inject(Vcpu vcpu, int intid) {
    if (intid >= 32) {
      vcpu.domain.vgic.spis.inject(intid);
    } else if (Cpu.current().vcpu == vcpu) {
      vcpu.vgic.raise(intid);
      Scheduler.wake(vcpu);
    } else {
      vcpu.vgic.post(Mailbox.RAISE, 1 << intid);
    }
  }

  /** Sets the wire of a level-triggered interrupt; of {@code vcpu} if it is a private one. */
  public static void setLevel(Vcpu vcpu, int intid, boolean level) {
    if (intid >= 32) {
      vcpu.domain.vgic.spis.setLevel(intid, level);
    } else if (!vcpu.vgic.isLoadedHere()) {
      vcpu.vgic.post(level ? Mailbox.LINE_UP : Mailbox.LINE_DOWN, 1 << intid);
    } else {
      vcpu.vgic.setLines(1 << intid, level);
      if (level) {
        Scheduler.wake(vcpu);
      }
    }
  }

  /** A pending interrupt would be signalled, whatever PSTATE.I says: WFI does not wait. */
  public static boolean hasDeliverable(Vcpu vcpu) {
    return vcpu.vgic.hasDeliverable();
  }

  /** ICC_SGI1R_EL1 written by the running vCPU. */
  @Inline
  public static void sgi(Vcpu vcpu, long value) {
    vcpu.domain.vgic.generateSgi(vcpu.id, new IccSgi1r(value));
  }

  public static void onSave(Vcpu vcpu) {
    vcpu.vgic.save();
  }

  public static void onLoad(Vcpu vcpu) {
    vcpu.vgic.load();
  }

  /**
   * Gives physical SPI {@code intid} to this domain, as its interrupt of the same number. It is
   * enabled when the guest enables its own.
   *
   * @return false if it is the hypervisor's, another domain's, or beyond this domain's SPIs
   */
  public boolean giveInterrupt(int intid) {
    return physical.give(intid);
  }

  /** Takes physical SPI {@code intid} from this domain: disabled, inactive, nobody's. */
  public void takeInterrupt(int intid) {
    physical.take(intid);
  }

  /** Physical SPI {@code intid} was given to this domain. The toolstack's lock is held. */
  public boolean isPhysical(int intid) {
    return physical.isGiven(intid);
  }

  /** The domain is being destroyed and none of its vCPUs is loaded. */
  public void release() {
    physical.takeAll();
  }

  /** Physical SPI {@code intid}, this domain's, is active; the guest is to deactivate it. */
  void physicalInterrupt(int intid) {
    spis.physicalInterrupt(intid);
  }

  // What register accesses mean

  private VgicCpu privateOf(int cpu) {
    return domain.vcpus[cpu].vgic;
  }

  @Override
  protected boolean hasSingleSecurityState() {
    return false;
  }

  @Override
  @Inline
  protected int accessor() {
    return Cpu.current().servedVcpu().id;
  }

  @Override
  @Inline
  protected PrivateInterrupts bank(int cpu) {
    return domain.vcpus[cpu].vgic;
  }

  /** As {@link Domain#mpidrOf}: 16 vCPUs to a cluster. */
  @Override
  protected int affinityOf(int cpu) {
    return cpu >>> 4 << 8 | cpu & 15;
  }

  @Override
  @Inline
  protected int cpuOf(int affinity) {
    int cpu = affinity >>> 8 << 4 | affinity & 15;
    return (affinity & 0xf0) == 0 && Integer.compareUnsigned(cpu, cpus()) < 0 ? cpu : -1;
  }

  @Override
  protected void forwardingChanged() {
    for (int i = 0; i < domain.vcpuCount; i++) {
      privateOf(i).ask(Mailbox.FORWARDING, 1);
    }
  }

  @Override
  @Inline
  protected void raiseSgi(int source, int cpu, int intid) {
    VgicCpu to = domain.vcpus[cpu].vgic;
    if (to.isLoadedHere()) {
      to.raise(intid);
    } else {
      to.post(Mailbox.RAISE, 1 << intid);
    }
  }

  /**
   * Senders are not told apart: an SGI that several CPUs have sent is taken once, as from CPU 0.
   */
  @Override
  protected int sgiSources(int cpu, int intid) {
    return 1;
  }

  @Override
  protected void enable(int cpu, int word, int bits) {
    if (word == 0) {
      privateOf(cpu).ask(Mailbox.ENABLE, bits);
    } else {
      spis.enable(word, bits);
    }
  }

  @Override
  protected void disable(int cpu, int word, int bits) {
    if (word == 0) {
      privateOf(cpu).ask(Mailbox.DISABLE, bits);
    } else {
      spis.disable(word, bits);
    }
  }

  @Override
  protected int pending(int cpu, int word) {
    return word == 0 ? privateOf(cpu).visiblePending() : spis.pending(word);
  }

  @Override
  protected void setPending(int cpu, int word, int bits) {
    if (word == 0) {
      privateOf(cpu).ask(Mailbox.RAISE, bits);
    } else {
      spis.setPending(word, bits);
    }
  }

  @Override
  protected void clearPending(int cpu, int word, int bits) {
    if (word == 0) {
      privateOf(cpu).ask(Mailbox.CLEAR_PENDING, bits);
    } else {
      spis.clearPending(word, bits);
    }
  }

  @Override
  @NoInline // reads of all other registers pay for its loop else: 9 instructions
  protected int active(int cpu, int word) {
    return word == 0 ? privateOf(cpu).visibleActive() : spis.active(word);
  }

  @Override
  protected void setActive(int cpu, int word, int bits) {
    if (word == 0) {
      privateOf(cpu).ask(Mailbox.SET_ACTIVE, bits);
    } else {
      spis.setActive(word, bits);
    }
  }

  @Override
  protected void clearActive(int cpu, int word, int bits) {
    if (word == 0) {
      privateOf(cpu).ask(Mailbox.CLEAR_ACTIVE, bits);
    } else {
      spis.clearActive(word, bits);
    }
  }

  @Override
  protected void setEdge(int cpu, int word, int mask, int edge) {
    if (word == 0) {
      PrivateInterrupts bank = bank(cpu);
      bank.edge = bank.edge & ~mask | edge & mask;
    } else {
      spis.setEdge(word, mask, edge);
    }
  }

  @Override
  @Inline
  protected void setPriority(int cpu, int index, int mask, int priorities) {
    int[] words = index < 8 ? bank(cpu).priority : shared.priority;
    if (mask == -1) {
      words[index] = priorities;
      return;
    }
    lock.lock(); // another vCPU may write another byte of the word
    words[index] = words[index] & ~mask | priorities & mask;
    lock.unlock();
  }

  @Override
  protected void setRoute(int intid, int route, boolean anyCpu) {
    spis.setRoute(intid, route, anyCpu);
  }
}
