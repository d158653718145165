package ristretto.core.interrupt;

import org.jspecify.annotations.Nullable;
import ristretto.arch.gic.IchHcr;
import ristretto.arch.gic.IchVmcr;
import ristretto.arch.gic.ListRegister;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.core.time.GuestTimer;
import ristretto.driver.gic.Gic;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.SysReg;
import ristretto.vdev.gic.PrivateInterrupts;

/**
 * A vCPU's side of the virtual interrupt controller: its private interrupts, and the list registers
 * through which all of its interrupts reach it.
 *
 * <p>Everything here belongs to the CPU that has the vCPU loaded; others leave requests in the
 * {@link Mailbox}. An interrupt is written to a list register when it becomes deliverable and then
 * left alone: nothing is read back on exits, and the guest's acknowledge and end do not trap. A
 * list register is read again only when its interrupt is raised once more, its state is asked for,
 * or the vCPU leaves the CPU.
 */
public final class VgicCpu extends PrivateInterrupts {
  private static final int MAX_LIST_REGISTERS = 16;
  private static final int TIMER_BIT = 1 << GuestTimer.VIRTUAL_TIMER;

  /** CNTV_CTL_EL0: enabled, not masked, condition met. */
  private static final int TIMER_ASSERTED = 5;

  final Vcpu vcpu;

  private final Mailbox mail = new Mailbox();

  /** The CPU that has the vCPU loaded; written by that CPU, read by those who have left mail. */
  private volatile @Nullable Cpu holder;

  /** The interrupt last written to each list register; current while the register is not empty. */
  private final int[] listed = new int[MAX_LIST_REGISTERS];

  /** List registers while not loaded; those of {@link #savedMask} are in use. */
  private final long[] saved = new long[MAX_LIST_REGISTERS];

  private int savedMask;
  private int vmcr;
  private int activePriorities;

  /** {@link #TIMER_BIT} while that is latched because the physical timer interrupt is active. */
  private int physical;

  /** Private interrupts that were latched, not only by level, when they were last listed. */
  private int listedLatched;

  /** More interrupts are deliverable than there are list registers; see {@link #rebalance}. */
  private boolean overflowing;

  /** The maintenance interrupts that {@link #overflowing} needs, as HCR has them. */
  private int maintenance;

  @BootOnly
  public VgicCpu(Vcpu vcpu) {
    this.vcpu = vcpu;
  }

  /** As after reset; the vCPU is not loaded. */
  void reset() {
    clear();
    mail.clear();
    savedMask = 0;
    vmcr = 0;
    activePriorities = 0;
    physical = 0;
    listedLatched = 0;
    overflowing = false;
  }

  /** The CPU interface as a CPU's reset leaves it: off. The vCPU is not loaded. */
  public void resetInterface() {
    vmcr = 0;
    activePriorities = 0;
  }

  @Inline
  private Vgic vgic() {
    return vcpu.domain.vgic;
  }

  /** Is the caller the CPU whose list registers this vCPU uses? */
  @Inline
  boolean isLoadedHere() {
    return Cpu.current().vcpu == vcpu;
  }

  /** Has the guest enabled private interrupt {@code intid}? */
  public boolean isPrivateEnabled(int intid) {
    return (enabled >>> intid & 1) != 0;
  }

  @Nullable Cpu holder() {
    return holder;
  }

  // Requests from elsewhere

  /** Leaves a request and makes the vCPU see it: its CPU looks at once, a blocked vCPU wakes. */
  void post(int box, int bits) {
    mail.post(box, bits);
    // Volatile accesses: either this sees the holder, or the holder, on loading, sees the mail.
    Cpu cpu = holder;
    if (cpu == null) {
      Scheduler.wake(vcpu);
    } else {
      Interrupts.send(cpu, Sgi.GUEST_INTERRUPT);
    }
  }

  /** Whose wire is moved here follows that alone: mail about it, not read yet, is older. */
  void overtakeMail(int box, int bits) {
    mail.overtake(box, bits);
  }

  /** Does what others have asked for; false if there was nothing. */
  boolean readMail() {
    int boxes = mail.takeFilled();
    if (boxes == 0) {
      return false;
    }
    for (int left = boxes; left != 0; left &= left - 1) {
      int box = Integer.numberOfTrailingZeros(left);
      serve(box, mail.take(box));
    }
    return true;
  }

  private void serve(int box, int bits) {
    switch (box) {
      case Mailbox.RAISE -> setPending(bits);
      case Mailbox.LINE_UP -> raiseLines(bits);
      case Mailbox.LINE_DOWN -> lowerLines(bits);
      case Mailbox.ENABLE -> enable(bits);
      case Mailbox.DISABLE -> disable(bits);
      case Mailbox.CLEAR_PENDING -> clearPending(bits);
      case Mailbox.SET_ACTIVE -> setActive(bits);
      case Mailbox.CLEAR_ACTIVE -> clearActive(bits);
      case Mailbox.SHARED -> vgic().lookAtWords(this, bits);
      default -> forwardingChanged();
    }
  }

  // Private interrupts

  /** An edge of private interrupt {@code intid}. */
  @Inline
  void raise(int intid) {
    latched |= 1 << intid;
    if (((enabled & ~active) >>> intid & 1) != 0 && vgic().isForwarding()) {
      deliver(intid);
    }
  }

  /** The virtual timer's physical interrupt is active on this CPU. */
  @Inline
  void virtualTimerFired() {
    if ((SysReg.CNTV_CTL_EL0.read() & 7) != TIMER_ASSERTED) {
      Interrupts.gic().deactivate(Interrupts.virtualTimer()); // the guest was faster
      return;
    }
    physical |= TIMER_BIT;
    raise(GuestTimer.VIRTUAL_TIMER);
    Scheduler.wake(vcpu);
  }

  void setPending(int bits) {
    for (int left = bits; left != 0; left &= left - 1) {
      raise(Integer.numberOfTrailingZeros(left));
    }
  }

  void raiseLines(int bits) {
    line |= bits;
    deliverAll(bits);
  }

  void lowerLines(int bits) {
    line &= ~bits;
    // What only the level made pending, and was not acknowledged, is pending no more.
    unlist(bits & ~edge & ~listedLatched, false);
  }

  void enable(int bits) {
    int fresh = bits & ~enabled;
    enabled |= bits;
    if ((fresh & physical) != 0) {
      dropStaleTimer();
    }
    deliverAll(fresh);
  }

  /** The timer may have been quiet again since its interrupt was held back. */
  @Cold
  private void dropStaleTimer() {
    if ((SysReg.CNTV_CTL_EL0.read() & 7) != TIMER_ASSERTED) {
      deactivatePhysical(TIMER_BIT);
      latched &= ~TIMER_BIT;
    }
  }

  void disable(int bits) {
    enabled &= ~bits;
    unlist(bits, true);
  }

  void clearPending(int bits) {
    unlist(bits, false);
    latched &= ~bits;
    deactivatePhysical(bits & physical);
    deliverAll(bits); // by level it is pending still
  }

  void setActive(int bits) {
    active |= bits & ~listedActive();
  }

  void clearActive(int bits) {
    active &= ~bits;
    deactivateListed(bits);
    deliverAll(bits);
  }

  /**
   * Private interrupts pending, wherever: also in list registers, if those can be seen from here.
   */
  int visiblePending() {
    return pendingBits() | listedBits(0, true);
  }

  int visibleActive() {
    return active | listedActive();
  }

  private int listedActive() {
    return listedBits(0, false);
  }

  private void deliverAll(int bits) {
    if (!vgic().isForwarding()) {
      return;
    }
    for (int left = bits & enabled & ~active & pendingBits(); left != 0; left &= left - 1) {
      deliver(Integer.numberOfTrailingZeros(left));
    }
  }

  /** The distributor was switched on, or off: then nothing more is to reach the vCPU. */
  void forwardingChanged() {
    if (vgic().isForwarding()) {
      deliverAll(-1);
      vgic().lookAtWords(this, -1);
    } else {
      unlist(-1, true);
      vgic().withdrawAll(this);
    }
  }

  /**
   * The maintenance interrupt: list registers are free again, or an interrupt asked for has ended.
   */
  @Cold
  void maintain() {
    Gic gic = Interrupts.gic();
    for (int left = used(gic); left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      if (new ListRegister(gic.readListRegister(n)).isInactive()) {
        gic.writeListRegister(n, ListRegister.EMPTY.bits());
      }
    }
    vgic().rebalance(this);
  }

  // List registers

  /** Writes a deliverable private interrupt to a list register. */
  private void deliver(int intid) {
    Gic gic = Interrupts.gic();
    int used = used(gic);
    if (used == 0 && !overflowing) {
      write(gic, 0, intid);
      return;
    }
    int n = find(intid, used);
    int free = gic.listRegisterMask() & ~used;
    if (n >= 0 && repeat(gic, n, intid)) {
      return;
    }
    if (n < 0 && (free == 0 || overflowing)) {
      vgic().rebalance(this);
    } else {
      write(gic, n >= 0 ? n : Integer.numberOfTrailingZeros(free), intid);
    }
  }

  /** Writes SPI {@code intid}, which is not in one, to a list register; the VGIC lock is held. */
  void deliverShared(int intid) {
    Gic gic = Interrupts.gic();
    int free = gic.listRegisterMask() & ~used(gic);
    if (free == 0 || overflowing) {
      rebalance();
    } else {
      write(gic, Integer.numberOfTrailingZeros(free), intid);
    }
  }

  /** SPI {@code intid} is in a list register still, and has been told of its repetition. */
  boolean repeatShared(int intid) {
    Gic gic = Interrupts.gic();
    int n = find(intid, used(gic));
    return n >= 0 && repeat(gic, n, intid);
  }

  @Inline
  private static int used(Gic gic) {
    return gic.listRegisterMask() & ~gic.emptyListRegisters();
  }

  @Inline
  private int find(int intid, int used) {
    for (int left = used; left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      if (listed[n] == intid) {
        return n;
      }
    }
    return -1;
  }

  @Inline
  private void write(Gic gic, int n, int intid) {
    ListRegister register;
    if (intid < 32) {
      int bit = 1 << intid;
      register = ListRegister.pending(intid, priority(intid));
      listedLatched = listedLatched & ~bit | latched & bit;
      latched &= ~bit;
      if ((physical & bit) != 0) {
        physical &= ~bit;
        register = register.withHardware(Interrupts.virtualTimer());
      } else if ((line & ~edge & bit) != 0) {
        register = register.withEndInterrupt(); // the level may still be there then
      }
    } else {
      register = vgic().list(this, intid);
    }
    listed[n] = intid;
    gic.writeListRegister(n, register.bits());
  }

  /**
   * The interrupt in register {@code n} is raised again. If it is pending there, once is enough; if
   * it is active, it becomes pending too. False if it has ended: the register is free.
   */
  private boolean repeat(Gic gic, int n, int intid) {
    ListRegister held = new ListRegister(gic.readListRegister(n));
    if (held.isInactive()) {
      return false;
    }
    if (held.isHardware()) {
      if (held.isPending()) {
        merged(intid);
      }
      return true; // if active: hardware repeats by itself once the guest has ended this one
    }
    boolean isPhysical = intid < 32 ? isSet(physical, intid) : vgic().isPhysical(intid);
    boolean isLatched = intid < 32 ? isSet(latched, intid) : vgic().isLatched(intid);
    boolean isHigh = intid < 32 ? isSet(line & ~edge, intid) : vgic().isHigh(intid);
    ListRegister changed = held;
    if (isHigh || isPhysical) {
      changed = changed.withEndInterrupt(); // look again then
    }
    if (isPhysical) {
      if (!held.isActive()) {
        changed = held.withHardware(intid < 32 ? Interrupts.virtualTimer() : intid);
        merged(intid);
      }
    } else if (isLatched && held.isActive() && overflowing) {
      changed = changed.withEndInterrupt(); // others may be more urgent then
    } else if (isLatched) {
      changed = changed.withPending(true);
      merged(intid);
    }
    gic.writeListRegister(n, changed.bits());
    return true;
  }

  /** What was latched is in the list register now. */
  private void merged(int intid) {
    if (intid < 32) {
      int bit = 1 << intid;
      listedLatched |= latched & bit;
      latched &= ~bit;
      physical &= ~bit;
    } else {
      vgic().merged(intid);
    }
  }

  @Inline
  private static boolean isSet(int bits, int intid) {
    return (bits >>> intid & 1) != 0;
  }

  /**
   * There are, or were, more interrupts than list registers: lists the most urgent ones. What is
   * listed is then more urgent than what is not, so it is early enough to look again when nothing
   * listed is pending any more. The VGIC lock is held.
   */
  @Cold
  void rebalance() {
    Gic gic = Interrupts.gic();
    while (true) { // each turn lists something more urgent than what it replaces, if anything
      int used = used(gic);
      int intid = mostUrgent(used);
      int n = -1;
      if (intid >= 0) {
        int free = gic.listRegisterMask() & ~used;
        n = free != 0 ? Integer.numberOfTrailingZeros(free) : lessUrgent(gic, urgency(intid));
      }
      if (n < 0) {
        overflowing = intid >= 0;
        maintenance = overflowing ? awaitRoom(gic) : 0;
        gic.writeHcr(IchHcr.ENABLE | maintenance);
        return;
      }
      if (isSet(used, n)) {
        takeBack(gic, n, true);
      }
      write(gic, n, intid);
    }
  }

  /**
   * Arranges for a maintenance interrupt when something that waits may be listed; returns what is
   * to be enabled in HCR. The end of an interrupt that was active and raised again makes it
   * pending, and something that waits may be more urgent then: it keeps its active state only, and
   * its end tells. With nothing pending, "none pending" would tell at once and for ever.
   */
  private int awaitRoom(Gic gic) {
    boolean anyPending = false;
    for (int n = 0; n < gic.listRegisters(); n++) {
      ListRegister held = new ListRegister(gic.readListRegister(n));
      if (!held.isActive()) {
        anyPending |= held.isPending();
      } else if (!held.isHardware()) {
        gic.writeListRegister(n, held.withPending(false).withEndInterrupt().bits());
        if (held.isPending()) {
          latch(held.intid());
        }
      }
    }
    return anyPending ? IchHcr.NONE_PENDING : IchHcr.UNDERFLOW;
  }

  private void latch(int intid) {
    if (intid < 32) {
      latched |= 1 << intid;
    } else {
      vgic().latch(intid);
    }
  }

  /** The most urgent interrupt that is deliverable and not in a list register, or -1. */
  private int mostUrgent(int used) {
    int best = -1;
    int lowest = Integer.MAX_VALUE;
    if (vgic().isForwarding()) {
      best = vgic().mostUrgent(this, used);
      lowest = best < 0 ? Integer.MAX_VALUE : urgency(best);
      for (int left = enabled & ~active & pendingBits(); left != 0; left &= left - 1) {
        int intid = Integer.numberOfTrailingZeros(left);
        if (priority(intid) < lowest && find(intid, used) < 0) {
          best = intid;
          lowest = priority(intid);
        }
      }
    }
    return best;
  }

  private int urgency(int intid) {
    return intid < 32 ? priority(intid) : vgic().shared.priority(intid);
  }

  /** Is SPI {@code intid} in one of the list registers {@code used}? */
  boolean isListed(int intid, int used) {
    return find(intid, used) >= 0;
  }

  /** The register with the least urgent pending interrupt, if that is less urgent; else -1. */
  private static int lessUrgent(Gic gic, int priority) {
    int worst = -1;
    int highest = priority;
    for (int n = 0; n < gic.listRegisters(); n++) {
      ListRegister held = new ListRegister(gic.readListRegister(n));
      if (held.isPending() && !held.isActive() && held.priority() > highest) {
        worst = n;
        highest = held.priority();
      }
    }
    return worst;
  }

  /** Empties register {@code n}; if {@code keep}, its interrupt is pending here again. */
  private void takeBack(Gic gic, int n, boolean keep) {
    ListRegister held = new ListRegister(gic.readListRegister(n));
    int intid = held.intid();
    boolean stays = held.isActive();
    gic.writeListRegister(n, stays ? held.withPending(false).bits() : ListRegister.EMPTY.bits());
    if (intid >= 32) {
      vgic().takenBack(intid, held.isHardware(), stays, keep);
      return;
    }
    if (keep) {
      latched |= 1 << intid & (edge | listedLatched); // by level it is pending all the same
      if (held.isHardware()) {
        latched |= 1 << intid;
        physical |= 1 << intid;
      }
    } else if (held.isHardware()) {
      gic.deactivate(held.physical());
    }
  }

  /** Takes pending private interrupts out of the list registers; active ones stay active. */
  private void unlist(int bits, boolean keep) {
    Gic gic = Interrupts.gic();
    for (int left = used(gic); left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      int intid = listed[n];
      if (intid < 32
          && (bits >>> intid & 1) != 0
          && new ListRegister(gic.readListRegister(n)).isPending()) {
        takeBack(gic, n, keep);
      }
    }
  }

  /** The same for SPI {@code intid}; the VGIC lock is held. */
  void unlistShared(int intid, boolean keep) {
    Gic gic = Interrupts.gic();
    int n = find(intid, used(gic));
    if (n >= 0 && new ListRegister(gic.readListRegister(n)).isPending()) {
      takeBack(gic, n, keep);
    }
  }

  /** Ends private interrupts that are active in list registers. */
  private void deactivateListed(int bits) {
    for (int left = bits; left != 0; left &= left - 1) {
      deactivate(Integer.numberOfTrailingZeros(left));
    }
  }

  /** Ends an interrupt that is active in a list register, as if the guest had. */
  void deactivate(int intid) {
    Gic gic = Interrupts.gic();
    int n = find(intid, used(gic));
    if (n < 0) {
      return;
    }
    ListRegister held = new ListRegister(gic.readListRegister(n));
    if (held.isActive()) {
      gic.writeListRegister(n, held.withActive(false).bits());
      if (held.isHardware()) {
        gic.deactivate(held.physical());
      }
    }
  }

  private void deactivatePhysical(int bits) {
    physical &= ~bits;
    if (bits != 0) {
      Interrupts.gic().deactivate(Interrupts.virtualTimer());
    }
  }

  /**
   * Interrupts of a word that are pending, or active, in the list registers. Those of a vCPU that
   * runs on another CPU at this moment cannot be seen.
   */
  int listedBits(int word, boolean pending) {
    boolean here = isLoadedHere();
    if (!here && holder != null) {
      return 0;
    }
    int bits = 0;
    for (int left = here ? used(Interrupts.gic()) : savedMask; left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      ListRegister held = new ListRegister(here ? Interrupts.gic().readListRegister(n) : saved[n]);
      if (held.intid() >>> 5 == word && (pending ? held.isPending() : held.isActive())) {
        bits |= 1 << (held.intid() & 31);
      }
    }
    return bits;
  }

  // Switching

  /** Takes the virtual CPU interface of this CPU. */
  void save() {
    Gic gic = Interrupts.gic();
    savedMask = 0;
    for (int left = used(gic); left != 0; left &= left - 1) {
      save(gic, Integer.numberOfTrailingZeros(left));
    }
    vmcr = gic.readVmcr();
    activePriorities = gic.readActivePriorities();
    if (overflowing) {
      gic.writeHcr(IchHcr.ENABLE);
    }
    if (physical != 0) {
      // Held back, and by level: the timer asks again wherever it is loaded.
      latched &= ~physical;
      deactivatePhysical(physical);
    }
    holder = null; // volatile: see post
    if (!mail.isEmpty()) {
      Scheduler.wake(vcpu);
    }
  }

  private void save(Gic gic, int n) {
    ListRegister held = new ListRegister(gic.readListRegister(n));
    gic.writeListRegister(n, ListRegister.EMPTY.bits());
    if (isTimer(held)) {
      // The physical interrupt is this CPU's own: the next vCPU needs it inactive.
      gic.deactivate(Interrupts.virtualTimer());
      if (!held.isActive()) {
        return; // by level: it comes again
      }
    }
    saved[n] = held.bits();
    savedMask |= 1 << n;
  }

  /** Puts the vCPU's state into the virtual CPU interface of this CPU, then reads the mail. */
  void load() {
    Gic gic = Interrupts.gic();
    Cpu cpu = Cpu.current();
    holder = cpu; // volatile: see post
    for (int left = savedMask; left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      ListRegister held = new ListRegister(saved[n]);
      if (isTimer(held)) {
        gic.setActive(cpu.index, Interrupts.virtualTimer(), true); // for the guest to deactivate
      }
      gic.writeListRegister(n, held.bits());
    }
    gic.writeVmcr(vmcr);
    gic.writeActivePriorities(activePriorities);
    if (overflowing) {
      gic.writeHcr(IchHcr.ENABLE | maintenance);
    }
    if (!mail.isEmpty()) {
      readMail();
    }
  }

  private static boolean isTimer(ListRegister register) {
    return register.isHardware() && register.intid() == GuestTimer.VIRTUAL_TIMER;
  }

  /** A pending interrupt would be signalled to the vCPU, or somebody has just sent one. */
  boolean hasDeliverable() {
    if (!mail.isEmpty()) {
      return true;
    }
    boolean here = isLoadedHere();
    Gic gic = Interrupts.gic();
    int left = here ? used(gic) : savedMask;
    if (left == 0) {
      return false;
    }
    IchVmcr control = new IchVmcr(here ? gic.readVmcr() : vmcr);
    boolean enabledGroup =
        vgic().version() == 3 ? control.group1Enabled() : control.group0Enabled();
    for (; enabledGroup && left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      ListRegister held = new ListRegister(here ? gic.readListRegister(n) : saved[n]);
      if (held.isPending() && held.priority() < control.priorityMask()) {
        return true;
      }
    }
    return false;
  }
}
