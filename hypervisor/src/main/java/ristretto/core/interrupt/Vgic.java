package ristretto.core.interrupt;

import org.jspecify.annotations.Nullable;
import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.Gicr;
import ristretto.arch.gic.IccSgi1r;
import ristretto.arch.gic.ListRegister;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.driver.gic.Gic;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.vdev.MmioDevice;
import ristretto.vdev.gic.DistributorRegisters;
import ristretto.vdev.gic.GicModel;
import ristretto.vdev.gic.PrivateInterrupts;
import ristretto.vdev.gic.RedistributorRegisters;

/**
 * A domain's virtual interrupt controller: SPIs, routing, and the registers. The virtual machine
 * sees what a Non-secure one sees on hardware: every interrupt is in Group 1 and IGROUPR reads
 * zero.
 *
 * <p>The lock guards the SPIs. Private interrupts have no lock: see {@link VgicCpu}.
 */
public final class Vgic extends GicModel {
  /** INTIDs that any domain may have: the architecture's limit without extended SPIs. */
  public static final int MAX_LINES = 1024;

  private static final int NOBODY = -1;

  private final Domain domain;
  private final SpinLock lock;
  private final DistributorRegisters distributor = new DistributorRegisters(this);
  private final RedistributorRegisters redistributors = new RedistributorRegisters(this);

  /** By word: SPIs that stand for the physical interrupts of the same numbers. */
  private final int[] backed;

  /** By word: SPIs that are latched because the physical one is active. */
  private final int[] physical;

  /** By word: SPIs that were latched, not only by level, when they were last listed. */
  private final int[] listedLatched;

  /** By word: SPIs that are to be pending no more in the list register of a vCPU elsewhere. */
  private final int[] withdrawn;

  /** By word: SPIs that are to be active no more in the list register of a vCPU elsewhere. */
  private final int[] ended;

  /** By SPI: the vCPU in whose list registers it was put last and may still be. */
  private final byte[] listedAt;

  /**
   * @param capacity INTIDs to have room for, a multiple of 32 up to {@link #MAX_LINES}
   */
  @BootOnly
  public Vgic(Domain domain, int capacity) {
    super(capacity);
    this.domain = domain;
    this.lock = new SpinLock(LockRank.VGIC, domain);
    this.backed = new int[capacity / 32];
    this.physical = new int[capacity / 32];
    this.listedLatched = new int[capacity / 32];
    this.withdrawn = new int[capacity / 32];
    this.ended = new int[capacity / 32];
    this.listedAt = new byte[capacity];
  }

  /** INTIDs that {@link #reset} may be asked for. */
  public int capacity() {
    return listedAt.length;
  }

  /**
   * Sets the controller up for a new domain, before any of its vCPUs runs.
   *
   * @param version 2 or 3: that of the physical controller
   * @param lines INTIDs, a multiple of 32 from 32 to {@link #capacity}
   */
  public void reset(int version, int lines) {
    configure(version, domain.maximumVcpus, lines);
    for (int word = 0; word < backed.length; word++) {
      backed[word] = 0;
      physical[word] = 0;
      listedLatched[word] = 0;
      withdrawn[word] = 0;
      ended[word] = 0;
    }
    for (int intid = 0; intid < listedAt.length; intid++) {
      listedAt[intid] = NOBODY;
    }
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
      vcpu.domain.vgic.injectShared(intid);
    } else if (vcpu.vgic.isLoadedHere()) {
      vcpu.vgic.raise(intid);
      Scheduler.wake(vcpu);
    } else {
      vcpu.vgic.post(Mailbox.RAISE, 1 << intid);
    }
  }

  /** Sets the wire of a level-triggered interrupt; of {@code vcpu} if it is a private one. */
  public static void setLevel(Vcpu vcpu, int intid, boolean level) {
    if (intid >= 32) {
      vcpu.domain.vgic.setSharedLevel(intid, level);
    } else if (!vcpu.vgic.isLoadedHere()) {
      vcpu.vgic.post(level ? Mailbox.LINE_UP : Mailbox.LINE_DOWN, 1 << intid);
    } else if (level) {
      vcpu.vgic.overtakeMail(Mailbox.LINE_DOWN, 1 << intid);
      vcpu.vgic.raiseLines(1 << intid);
      Scheduler.wake(vcpu);
    } else {
      vcpu.vgic.overtakeMail(Mailbox.LINE_UP, 1 << intid);
      vcpu.vgic.lowerLines(1 << intid);
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
    if (intid < Gicd.FIRST_SPI || intid >= Math.min(lines(), Interrupts.gic().lines())) {
      return false;
    }
    lock.lock();
    boolean free =
        !domain.isDying() && !Interrupts.isOwn(intid) && Interrupts.guestOf(intid) == null;
    if (free) {
      backed[intid >>> 5] |= 1 << (intid & 31);
      Interrupts.setGuest(intid, this);
    }
    lock.unlock();
    return free;
  }

  /** Gives this domain, Dom0, every SPI that is nobody's yet. */
  public void giveRemainingInterrupts() {
    for (int intid = Gicd.FIRST_SPI; intid < Interrupts.gic().lines(); intid++) {
      boolean unused = giveInterrupt(intid);
    }
  }

  /** Takes physical SPI {@code intid} from this domain: disabled, inactive, nobody's. */
  public void takeInterrupt(int intid) {
    lock.lock();
    if (Interrupts.guestOf(intid) == this) {
      Gic gic = Interrupts.gic();
      gic.disable(0, intid);
      gic.setPending(0, intid, false);
      gic.setActive(0, intid, false);
      Interrupts.setGuest(intid, null);
      backed[intid >>> 5] &= ~(1 << (intid & 31));
      physical[intid >>> 5] &= ~(1 << (intid & 31));
    }
    lock.unlock();
  }

  /** The domain is being destroyed and none of its vCPUs is loaded. */
  public void release() {
    for (int intid = Gicd.FIRST_SPI; intid < Interrupts.gic().lines(); intid++) {
      if (Interrupts.guestOf(intid) == this) {
        takeInterrupt(intid);
      }
    }
  }

  // SPIs

  private void injectShared(int intid) {
    if (intid < lines()) {
      lock.lock();
      shared.latched[intid >>> 5] |= 1 << (intid & 31);
      dispatch(intid);
      lock.unlock();
    }
  }

  private void setSharedLevel(int intid, boolean level) {
    if (intid >= lines()) {
      return;
    }
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    lock.lock();
    if (level) {
      shared.line[word] |= bit;
      dispatch(intid);
    } else {
      shared.line[word] &= ~bit;
      if (((shared.edge[word] | listedLatched[word]) & bit) == 0) {
        withdraw(intid, false);
      }
    }
    lock.unlock();
  }

  /** Physical SPI {@code intid}, this domain's, is active; the guest is to deactivate it. */
  void physicalInterrupt(int intid) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    lock.lock();
    shared.latched[word] |= bit;
    physical[word] |= bit;
    dispatch(intid);
    lock.unlock();
  }

  /** Brings SPI {@code intid} to its vCPU if it is deliverable. Lock held. */
  private void dispatch(int intid) {
    int word = intid >>> 5;
    int deliverable = shared.enabled[word] & ~shared.active[word] & shared.pendingBits(word);
    if ((deliverable >>> (intid & 31) & 1) == 0 || !isForwarding()) {
      return;
    }
    int at = listedAt[intid];
    if (at != NOBODY) {
      VgicCpu last = domain.vcpus[at].vgic;
      if (!last.isLoadedHere()) {
        last.post(Mailbox.SHARED, 1 << word); // only there one can see whether it has ended
        return;
      }
      if (last.repeatShared(intid)) {
        return;
      }
      listedAt[intid] = NOBODY;
    }
    VgicCpu target = target(intid);
    if (target == null) {
      return; // stays pending until it is routed to a CPU that exists
    }
    if (target.isLoadedHere()) {
      target.deliverShared(intid);
      Scheduler.wake(target.vcpu);
    } else {
      target.post(Mailbox.SHARED, 1 << word);
      followVcpu(intid, target);
    }
  }

  /** Lets the physical interrupt come to the CPU where its vCPU is now. */
  private void followVcpu(int intid, VgicCpu target) {
    Cpu cpu = target.holder();
    if (cpu != null && (backed[intid >>> 5] >>> (intid & 31) & 1) != 0) {
      Interrupts.gic().setTarget(intid, cpu.index);
    }
  }

  /**
   * Looks for SPIs to deliver to {@code cpu}, which is loaded here, in the words of the bit mask.
   */
  void lookAtWords(VgicCpu cpu, int words) {
    if (words() == 1) {
      return;
    }
    lock.lock();
    for (int word = 1; word < words(); word++) {
      if ((words >>> word & 1) != 0) {
        lookAtWord(cpu, word);
      }
    }
    lock.unlock();
  }

  private void lookAtWord(VgicCpu cpu, int word) {
    int listed = cpu.listedBits(word, true);
    for (int left = listed & (withdrawn[word] | ~shared.enabled[word]);
        left != 0;
        left &= left - 1) {
      int number = Integer.numberOfTrailingZeros(left);
      cpu.unlistShared(word * 32 + number, true);
    }
    int over = ended[word] == 0 ? 0 : ended[word] & cpu.listedBits(word, false);
    ended[word] &= ~over;
    for (int left = over; left != 0; left &= left - 1) {
      cpu.deactivate(word * 32 + Integer.numberOfTrailingZeros(left));
    }
    int pending = shared.pendingBits(word) & ~shared.active[word];
    for (int left = pending & shared.enabled[word]; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      if (listedAt[intid] == cpu.vcpu.id || target(intid) == cpu) {
        dispatch(intid);
      }
    }
  }

  /** The distributor is off: nothing of {@code cpu}, which is loaded here, stays listed. */
  void withdrawAll(VgicCpu cpu) {
    lock.lock();
    for (int word = 1; word < words(); word++) {
      for (int left = cpu.listedBits(word, true); left != 0; left &= left - 1) {
        cpu.unlistShared(word * 32 + Integer.numberOfTrailingZeros(left), true);
      }
    }
    lock.unlock();
  }

  /** Takes a pending SPI out of the list registers of this CPU's vCPU, or asks its vCPU to. */
  private void withdraw(int intid, boolean keep) {
    int at = listedAt[intid];
    if (at == NOBODY) {
      return;
    }
    VgicCpu last = domain.vcpus[at].vgic;
    if (last.isLoadedHere()) {
      last.unlistShared(intid, keep);
    } else {
      if (!keep) {
        withdrawn[intid >>> 5] |= 1 << (intid & 31);
      }
      last.post(Mailbox.SHARED, 1 << (intid >>> 5));
    }
  }

  /** See {@link VgicCpu#rebalance()}; {@code cpu} is loaded here. */
  void rebalance(VgicCpu cpu) {
    lock.lock();
    cpu.rebalance();
    lock.unlock();
  }

  /**
   * The most urgent deliverable SPI of {@code cpu} that is not in one of its list registers {@code
   * used}, or -1. Lock held.
   */
  int mostUrgent(VgicCpu cpu, int used) {
    int best = -1;
    for (int word = 1; word < words(); word++) {
      int pending = shared.pendingBits(word) & ~shared.active[word];
      for (int left = pending & shared.enabled[word]; left != 0; left &= left - 1) {
        int intid = word * 32 + Integer.numberOfTrailingZeros(left);
        int at = listedAt[intid];
        if ((best < 0 || shared.priority(intid) < shared.priority(best))
            && (at == cpu.vcpu.id || at == NOBODY && target(intid) == cpu)
            && !cpu.isListed(intid, used)) {
          best = intid;
        }
      }
    }
    return best;
  }

  /** The vCPU that an SPI is for, or null. One of several: the one loaded here, else the first. */
  private @Nullable VgicCpu target(int intid) {
    int route = shared.route[intid];
    if (version() == 3) {
      if (shared.isAnyCpu(intid)) {
        return oneOf(-1);
      }
      int cpu = cpuOf(route);
      return cpu < 0 ? null : domain.vcpus[cpu].vgic;
    }
    return route == 0 ? null : oneOf(route);
  }

  private VgicCpu oneOf(int mask) {
    Vcpu here = Cpu.current().vcpu;
    if (here != null && here.domain == domain && (mask == -1 || (mask >>> here.id & 1) != 0)) {
      return here.vgic;
    }
    return domain.vcpus[Integer.numberOfTrailingZeros(mask)].vgic;
  }

  // What VgicCpu asks about an SPI in its list registers; lock held

  /** SPI {@code intid} goes into a list register of {@code cpu}: its pending state moves there. */
  ListRegister list(VgicCpu cpu, int intid) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    ListRegister register = ListRegister.pending(intid, shared.priority(intid));
    listedAt[intid] = (byte) cpu.vcpu.id;
    withdrawn[word] &= ~bit;
    ended[word] &= ~bit;
    listedLatched[word] = listedLatched[word] & ~bit | shared.latched[word] & bit;
    shared.latched[word] &= ~bit;
    if ((physical[word] & bit) != 0) {
      physical[word] &= ~bit;
      return register.withHardware(intid);
    }
    boolean level = (shared.line[word] & ~shared.edge[word] & bit) != 0;
    return level ? register.withEndInterrupt() : register;
  }

  boolean isPhysical(int intid) {
    return (physical[intid >>> 5] >>> (intid & 31) & 1) != 0;
  }

  void latch(int intid) {
    shared.latched[intid >>> 5] |= 1 << (intid & 31);
  }

  boolean isHigh(int intid) {
    int word = intid >>> 5;
    return (shared.line[word] & ~shared.edge[word] & 1 << (intid & 31)) != 0;
  }

  boolean isLatched(int intid) {
    return (shared.latched[intid >>> 5] >>> (intid & 31) & 1) != 0;
  }

  /** What was latched is in the list register now. */
  void merged(int intid) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    listedLatched[word] |= shared.latched[word] & bit;
    shared.latched[word] &= ~bit;
    physical[word] &= ~bit;
  }

  /** SPI {@code intid} was taken out of its list register, but for its active state. */
  void takenBack(int intid, boolean hardware, boolean staysActive, boolean keep) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    if (!staysActive) {
      listedAt[intid] = NOBODY;
    }
    boolean wanted = keep && (withdrawn[word] & bit) == 0;
    withdrawn[word] &= ~bit;
    if (wanted) {
      shared.latched[word] |= bit & (shared.edge[word] | listedLatched[word]);
      if (hardware) {
        shared.latched[word] |= bit;
        physical[word] |= bit;
      }
    } else if (hardware) {
      Interrupts.gic().deactivate(intid);
    }
  }

  // What register accesses mean

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
      Vcpu vcpu = domain.vcpus[i];
      if (vcpu.vgic.isLoadedHere()) {
        vcpu.vgic.forwardingChanged();
      } else {
        vcpu.vgic.post(Mailbox.FORWARDING, 1);
      }
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
      VgicCpu to = domain.vcpus[cpu].vgic;
      if (to.isLoadedHere()) {
        to.enable(bits);
      } else {
        to.post(Mailbox.ENABLE, bits);
      }
      return;
    }
    lock.lock();
    int fresh = bits & ~shared.enabled[word];
    shared.enabled[word] |= bits;
    for (int left = fresh; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      if ((backed[word] >>> (intid & 31) & 1) != 0) {
        enablePhysical(intid);
      }
      dispatch(intid);
    }
    lock.unlock();
  }

  private void enablePhysical(int intid) {
    VgicCpu target = target(intid);
    Cpu cpu = target == null ? null : target.holder();
    Gic gic = Interrupts.gic();
    gic.setTarget(intid, cpu == null ? Cpu.current().index : cpu.index);
    gic.enable(0, intid);
  }

  @Override
  protected void disable(int cpu, int word, int bits) {
    if (word == 0) {
      VgicCpu to = domain.vcpus[cpu].vgic;
      if (to.isLoadedHere()) {
        to.disable(bits);
      } else {
        to.post(Mailbox.DISABLE, bits);
      }
      return;
    }
    lock.lock();
    int stopped = bits & shared.enabled[word];
    shared.enabled[word] &= ~bits;
    for (int left = stopped; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      if ((backed[word] >>> (intid & 31) & 1) != 0) {
        Interrupts.gic().disable(0, intid);
      }
      withdraw(intid, true);
    }
    lock.unlock();
  }

  @Override
  protected int pending(int cpu, int word) {
    if (word == 0) {
      return domain.vcpus[cpu].vgic.visiblePending();
    }
    int bits = shared.pendingBits(word);
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      bits |= vcpu.vgic.listedBits(word, true);
    }
    return bits;
  }

  @Override
  protected void setPending(int cpu, int word, int bits) {
    if (word == 0) {
      VgicCpu to = domain.vcpus[cpu].vgic;
      if (to.isLoadedHere()) {
        to.setPending(bits);
      } else {
        to.post(Mailbox.RAISE, bits);
      }
      return;
    }
    for (int left = bits; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      if ((backed[word] >>> (intid & 31) & 1) != 0) {
        Interrupts.gic().setPending(0, intid, true); // comes back as a physical interrupt
      } else {
        injectShared(intid);
      }
    }
  }

  @Override
  protected void clearPending(int cpu, int word, int bits) {
    if (word == 0) {
      VgicCpu to = domain.vcpus[cpu].vgic;
      if (to.isLoadedHere()) {
        to.clearPending(bits);
      } else {
        to.post(Mailbox.CLEAR_PENDING, bits);
      }
      return;
    }
    lock.lock();
    for (int left = bits; left != 0; left &= left - 1) {
      clearSharedPending(word * 32 + Integer.numberOfTrailingZeros(left));
    }
    lock.unlock();
  }

  private void clearSharedPending(int intid) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    if ((backed[word] & bit) != 0) {
      Interrupts.gic().setPending(0, intid, false);
    }
    withdraw(intid, false);
    shared.latched[word] &= ~bit;
    if ((physical[word] & bit) != 0) {
      physical[word] &= ~bit;
      Interrupts.gic().setActive(0, intid, false);
    }
    dispatch(intid); // by level it is pending still
  }

  @Override
  protected int active(int cpu, int word) {
    if (word == 0) {
      return domain.vcpus[cpu].vgic.visibleActive();
    }
    int bits = shared.active[word];
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      bits |= vcpu.vgic.listedBits(word, false);
    }
    return bits;
  }

  @Override
  protected void setActive(int cpu, int word, int bits) {
    if (word == 0) {
      VgicCpu to = domain.vcpus[cpu].vgic;
      if (to.isLoadedHere()) {
        to.setActive(bits);
      } else {
        to.post(Mailbox.SET_ACTIVE, bits);
      }
      return;
    }
    int already = active(cpu, word);
    lock.lock();
    shared.active[word] |= bits & ~already;
    lock.unlock();
  }

  @Override
  protected void clearActive(int cpu, int word, int bits) {
    if (word == 0) {
      VgicCpu to = domain.vcpus[cpu].vgic;
      if (to.isLoadedHere()) {
        to.clearActive(bits);
      } else {
        to.post(Mailbox.CLEAR_ACTIVE, bits);
      }
      return;
    }
    lock.lock();
    shared.active[word] &= ~bits;
    for (int left = bits; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      endListed(intid);
      dispatch(intid);
    }
    lock.unlock();
  }

  /**
   * An SPI that is active in a list register is so no more, at once or when its vCPU reads mail.
   */
  private void endListed(int intid) {
    int at = listedAt[intid];
    if (at == NOBODY) {
      return;
    }
    VgicCpu holder = domain.vcpus[at].vgic;
    if (holder.isLoadedHere()) {
      holder.deactivate(intid);
    } else {
      ended[intid >>> 5] |= 1 << (intid & 31);
      holder.post(Mailbox.SHARED, 1 << (intid >>> 5));
    }
  }

  @Override
  protected void setEdge(int cpu, int word, int mask, int edge) {
    if (word == 0) {
      PrivateInterrupts bank = bank(cpu);
      bank.edge = bank.edge & ~mask | edge & mask;
      return;
    }
    lock.lock();
    int changed = (shared.edge[word] ^ edge) & mask;
    shared.edge[word] = shared.edge[word] & ~mask | edge & mask;
    for (int left = changed & backed[word]; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      Interrupts.gic().setEdge(0, intid, (edge >>> (intid & 31) & 1) != 0);
    }
    lock.unlock();
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
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    lock.lock();
    shared.route[intid] = route;
    shared.anyCpu[word] = anyCpu ? shared.anyCpu[word] | bit : shared.anyCpu[word] & ~bit;
    if ((shared.enabled[word] & backed[word] & bit) != 0) {
      VgicCpu target = target(intid);
      if (target != null) {
        followVcpu(intid, target);
      }
    }
    dispatch(intid);
    lock.unlock();
  }
}
