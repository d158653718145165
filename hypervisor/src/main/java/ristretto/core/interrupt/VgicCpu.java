package ristretto.core.interrupt;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.core.time.GuestTimer;
import ristretto.driver.gic.Gic;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.machine.SysReg;

/**
 * A vCPU's side of the virtual interrupt controller: its private interrupts, and their delivery and
 * that of SPIs through {@link ListRegisters}.
 *
 * <p>Everything here belongs to the CPU that has the vCPU loaded; others leave requests in the
 * {@link Mailbox}.
 */
public final class VgicCpu extends PrivateState {
  /** CNTV_CTL_EL0: enabled, not masked, condition met. */
  private static final int TIMER_ASSERTED = 5;

  final Vcpu vcpu;
  final ListRegisters registers;
  final ListRegisterOverflow overflow;

  private final Vgic vgic;
  private final VirtualCpuInterface cpuInterface = new VirtualCpuInterface();
  private final Mailbox mail;

  @BootOnly
  public VgicCpu(Vcpu vcpu) {
    this.vcpu = vcpu;
    this.vgic = vcpu.domain.vgic;
    this.mail = new Mailbox(vcpu);
    this.registers = new ListRegisters(this);
    this.overflow = new ListRegisterOverflow(this, vgic);
  }

  /** As after reset; the vCPU is not loaded. */
  void reset() {
    clear();
    mail.clear();
    cpuInterface.reset();
    overflow.reset();
    forgetListings();
  }

  /** The CPU interface as a CPU's reset leaves it: off. The vCPU is not loaded. */
  public void resetInterface() {
    cpuInterface.resetControl();
  }

  /** Is the caller the CPU whose list registers this vCPU uses? */
  @Inline
  boolean isLoadedHere() {
    return Cpu.current().vcpu == vcpu;
  }

  /** Has the guest enabled private interrupt {@code intid}? */
  public boolean isPrivateEnabled(int intid) {
    return isSet(enabled, intid);
  }

  /** The CPU that has the vCPU loaded, as far as one can know elsewhere. */
  @Nullable Cpu holder() {
    return mail.reader();
  }

  // Requests from elsewhere

  /** Does what {@code box} stands for, here or, by mail, where the vCPU is loaded. */
  void ask(int box, int bits) {
    if (isLoadedHere()) {
      serve(box, bits);
    } else {
      post(box, bits);
    }
  }

  /** Leaves a request and makes the vCPU see it: its CPU looks at once, a blocked vCPU wakes. */
  void post(int box, int bits) {
    mail.post(box, bits);
  }

  /** Does what others have asked for; false if there was nothing. */
  boolean readMail() {
    int boxes = mail.takeFilled();
    if (boxes == 0) {
      return false;
    }
    int others = boxes;
    if ((boxes >>> Mailbox.RAISE & 1) != 0) { // first and apart: SGIs are the usual mail
      raiseAll(mail.take(Mailbox.RAISE));
      others &= ~(1 << Mailbox.RAISE);
    }
    for (int left = others; left != 0; left &= left - 1) {
      int box = Integer.numberOfTrailingZeros(left);
      serve(box, mail.take(box));
    }
    return true;
  }

  private void serve(int box, int bits) {
    switch (box) {
      case Mailbox.RAISE -> raiseAll(bits);
      case Mailbox.LINE_UP -> raiseLines(bits);
      case Mailbox.LINE_DOWN -> lowerLines(bits);
      case Mailbox.ENABLE -> enable(bits);
      case Mailbox.DISABLE -> disable(bits);
      case Mailbox.CLEAR_PENDING -> clearPending(bits);
      case Mailbox.SET_ACTIVE -> active |= bits & ~listedBits(0, false);
      case Mailbox.CLEAR_ACTIVE -> clearActive(bits);
      case Mailbox.SHARED -> vgic.dispatch.lookAtWords(this, bits);
      default -> forwardingChanged();
    }
  }

  // Private interrupts

  /** An edge of private interrupt {@code intid}. */
  @Inline
  void raise(int intid) {
    latched |= 1 << intid;
    if (isSet(enabled & ~active, intid) && vgic.isForwarding()) {
      deliver(intid);
    }
  }

  private void raiseAll(int bits) {
    for (int left = bits; left != 0; left &= left - 1) {
      raise(Integer.numberOfTrailingZeros(left));
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

  /**
   * The wires of {@code bits}; the vCPU is loaded here. Mail about them, not read yet, is older.
   */
  void setLines(int bits, boolean level) {
    if (level) {
      mail.overtake(Mailbox.LINE_DOWN, bits);
      raiseLines(bits);
    } else {
      mail.overtake(Mailbox.LINE_UP, bits);
      lowerLines(bits);
    }
  }

  private void raiseLines(int bits) {
    line |= bits;
    deliverAll(bits);
  }

  private void lowerLines(int bits) {
    line &= ~bits;
    // What only the level made pending, and was not acknowledged, is pending no more.
    registers.unlist(bits & ~edge & ~listedLatched, false);
  }

  private void enable(int bits) {
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

  private void disable(int bits) {
    enabled &= ~bits;
    registers.unlist(bits, true);
  }

  private void clearPending(int bits) {
    registers.unlist(bits, false);
    latched &= ~bits;
    deactivatePhysical(bits & physical);
    deliverAll(bits); // by level it is pending still
  }

  private void clearActive(int bits) {
    active &= ~bits;
    for (int left = bits; left != 0; left &= left - 1) {
      registers.deactivate(Integer.numberOfTrailingZeros(left));
    }
    deliverAll(bits);
  }

  private void deactivatePhysical(int bits) {
    physical &= ~bits;
    if (bits != 0) {
      Interrupts.gic().deactivate(Interrupts.virtualTimer());
    }
  }

  /** The distributor was switched on, or off: then nothing more is to reach the vCPU. */
  private void forwardingChanged() {
    if (vgic.isForwarding()) {
      deliverAll(-1);
      vgic.dispatch.lookAtWords(this, -1);
    } else {
      registers.unlist(-1, true);
      vgic.dispatch.withdrawAll(this);
    }
  }

  // Delivery

  /** Private interrupts that are to reach the vCPU if the distributor forwards. */
  int deliverable() {
    return enabled & ~active & pendingBits();
  }

  private void deliverAll(int bits) {
    if (!vgic.isForwarding()) {
      return;
    }
    for (int left = bits & deliverable(); left != 0; left &= left - 1) {
      deliver(Integer.numberOfTrailingZeros(left));
    }
  }

  /** Writes a deliverable private interrupt to a list register. */
  private void deliver(int intid) {
    Gic gic = Interrupts.gic();
    int used = ListRegisters.used(gic);
    if (used == 0 && !overflow.isOverflowing()) {
      registers.write(gic, 0, intid, list(this, intid));
      return;
    }
    int n = registers.find(intid, used);
    int free = gic.listRegisterMask() & ~used;
    if (n >= 0 && registers.repeat(gic, n, intid)) {
      return;
    }
    if (n < 0 && (free == 0 || overflow.isOverflowing())) {
      vgic.dispatch.rebalance(this);
    } else {
      int to = n >= 0 ? n : Integer.numberOfTrailingZeros(free);
      registers.write(gic, to, intid, list(this, intid));
    }
  }

  /** Writes SPI {@code intid}, which is not in one, to a list register; the VGIC lock is held. */
  void deliverShared(int intid) {
    Gic gic = Interrupts.gic();
    int free = gic.listRegisterMask() & ~ListRegisters.used(gic);
    if (free == 0 || overflow.isOverflowing()) {
      overflow.rebalance();
    } else {
      list(gic, Integer.numberOfTrailingZeros(free), intid);
    }
  }

  /** SPI {@code intid} is in a list register still, and has been told of its repetition. */
  boolean repeatShared(int intid) {
    Gic gic = Interrupts.gic();
    int n = registers.find(intid, ListRegisters.used(gic));
    return n >= 0 && registers.repeat(gic, n, intid);
  }

  /** Writes {@code intid}, private or shared, to list register {@code n}. */
  void list(Gic gic, int n, int intid) {
    registers.write(gic, n, intid, stateOf(intid).list(this, intid));
  }

  /** Where {@code intid} is pending while it is not listed. */
  PendingState stateOf(int intid) {
    return intid < 32 ? this : vgic.spiState;
  }

  // Questions

  /**
   * Private interrupts pending, wherever: also in list registers, if those can be seen from here.
   */
  int visiblePending() {
    return pendingBits() | listedBits(0, true);
  }

  int visibleActive() {
    return active | listedBits(0, false);
  }

  /**
   * Interrupts of a word that are pending, or active, in the list registers. Those of a vCPU that
   * runs on another CPU at this moment cannot be seen.
   */
  int listedBits(int word, boolean pending) {
    boolean here = isLoadedHere();
    return here || holder() == null ? cpuInterface.listedBits(here, word, pending) : 0;
  }

  /** A pending interrupt would be signalled to the vCPU, or somebody has just sent one. */
  boolean hasDeliverable() {
    return !mail.isEmpty() || cpuInterface.hasDeliverable(isLoadedHere(), vgic.version());
  }

  // Switching

  /** Takes the virtual CPU interface of this CPU. */
  void save() {
    Gic gic = Interrupts.gic();
    cpuInterface.save(gic);
    overflow.save(gic);
    if (physical != 0) {
      // Held back, and by level: the timer asks again wherever it is loaded.
      latched &= ~physical;
      deactivatePhysical(physical);
    }
    mail.setReader(null); // volatile: see Mailbox.post
    if (!mail.isEmpty()) {
      Scheduler.wake(vcpu);
    }
  }

  /** Puts the vCPU's state into the virtual CPU interface of this CPU, then reads the mail. */
  @NoInline // a choice that keeps the vCPU pays for it else
  void load() {
    Gic gic = Interrupts.gic();
    Cpu cpu = Cpu.current();
    mail.setReader(cpu); // volatile: see Mailbox.post
    cpuInterface.load(gic, cpu.index);
    overflow.load(gic);
    if (!mail.isEmpty()) {
      readMail();
    }
  }
}
