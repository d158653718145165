package ristretto.core.time;

import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Vgic;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.machine.SysReg;

/**
 * The timers of a vCPU. Arm ARM DDI 0487, "The Generic Timer in AArch64 state".
 *
 * <p>The virtual timer is the CPU's own while the vCPU is loaded: the guest programs it without a
 * trap, and its interrupt is tied to a list register. A vCPU that sleeps while another is loaded is
 * woken by a software timer. The physical timer is emulated, because the hypervisor's own deadlines
 * must not depend on it; the physical counter is the guest's to read.
 */
public final class GuestTimer {
  /** The guest's interrupt of its virtual timer. GUEST_TIMER_VIRT_PPI of arch-arm.h. */
  public static final int VIRTUAL_TIMER = 27;

  /** The guest's interrupt of its physical timer. GUEST_TIMER_PHYS_NS_PPI of arch-arm.h. */
  public static final int PHYSICAL_TIMER = 30;

  private static final int CONTROL_ENABLE = 1;
  private static final int CONTROL_WRITABLE = 3;
  private static final int CONTROL_STATUS = 2; // ISTATUS, the bit's number

  private static final int CNTP_TVAL = SysReg.CNTP_TVAL_EL0.encoding();
  private static final int CNTP_CTL = SysReg.CNTP_CTL_EL0.encoding();
  private static final int CNTP_CVAL = SysReg.CNTP_CVAL_EL0.encoding();

  private final Vcpu vcpu;
  private final WakeTimer wake;
  private final PhysicalTimer physical;

  // The virtual timer while not loaded
  private long control;
  private long compare;
  private long kernelControl;

  @BootOnly
  public GuestTimer(Vcpu vcpu) {
    this.vcpu = vcpu;
    this.wake = new WakeTimer(vcpu);
    this.physical = new PhysicalTimer(vcpu);
  }

  /** As PSCI CPU_ON leaves them: off. The vCPU is not loaded. */
  public void reset() {
    TimerQueue.cancel(wake);
    TimerQueue.cancel(physical);
    control = 0;
    compare = 0;
    kernelControl = 0;
    physical.control = 0;
    physical.compare = 0;
  }

  /** Takes the virtual timer from this CPU. */
  public static void onSave(Vcpu vcpu) {
    vcpu.timer.save();
  }

  /** Gives this CPU's virtual timer to {@code vcpu}. */
  public static void onLoad(Vcpu vcpu) {
    vcpu.timer.load();
  }

  private void save() {
    control = SysReg.CNTV_CTL_EL0.read();
    compare = SysReg.CNTV_CVAL_EL0.read();
    kernelControl = SysReg.CNTKCTL_EL1.read();
    SysReg.CNTV_CTL_EL0.write(0);
    if ((control & CONTROL_WRITABLE) == CONTROL_ENABLE
        && (vcpu.pauses.get() & PauseReason.BLOCKED) != 0
        && vcpu.vgic.isPrivateEnabled(VIRTUAL_TIMER)) {
      armAt(wake, compare + vcpu.domain.counterOffset);
    }
  }

  private void load() {
    if (wake.cpu != null) {
      TimerQueue.cancel(wake);
    }
    SysReg.CNTVOFF_EL2.write(vcpu.domain.counterOffset);
    SysReg.CNTKCTL_EL1.write(kernelControl);
    SysReg.CNTV_CVAL_EL0.write(compare);
    SysReg.CNTV_CTL_EL0.write(control & CONTROL_WRITABLE);
  }

  /** CNTP_CTL_EL0, CNTP_CVAL_EL0 or CNTP_TVAL_EL0, by {@code SysReg.encoding()}. */
  public static boolean owns(int encoding) {
    return encoding == CNTP_CTL || encoding == CNTP_CVAL || encoding == CNTP_TVAL;
  }

  /**
   * A trapped access to a register that {@link #owns}; {@code register} is Rt of the running vCPU.
   */
  public static void access(Vcpu vcpu, int encoding, boolean read, int register) {
    PhysicalTimer timer = vcpu.timer.physical;
    if (read) {
      vcpu.frame.setX(register, timer.read(encoding));
    } else {
      timer.write(encoding, vcpu.frame.x(register));
    }
  }

  /**
   * Arms {@code timer} at a time that a guest gave: one that is over fires at once, one that is
   * more than 2^63 ticks away never.
   */
  private static void armAt(Timer timer, long deadline) {
    long now = SysReg.CNTPCT_EL0.read();
    if (Long.compareUnsigned(deadline, now) <= 0) {
      timer.fire();
    } else if (deadline - now > 0) {
      TimerQueue.arm(timer, deadline);
    }
  }

  /** The virtual timer's condition is met while another vCPU is loaded: the hardware will tell. */
  private static final class WakeTimer extends Timer {
    private final Vcpu vcpu;

    WakeTimer(Vcpu vcpu) {
      this.vcpu = vcpu;
    }

    @Override
    public void fire() {
      Scheduler.wake(vcpu);
    }
  }

  /**
   * The EL1 physical timer. Its registers are written by the vCPU that runs alone; the CPU where it
   * is armed may be another one by then, and be about to tell that the condition is met.
   */
  private static final class PhysicalTimer extends Timer {
    private final Vcpu vcpu;
    private long control;
    private long compare;

    /** Counts writes: release after the registers; acquire before them. */
    private volatile int writes;

    PhysicalTimer(Vcpu vcpu) {
      this.vcpu = vcpu;
    }

    long read(int encoding) {
      if (encoding == CNTP_CTL) {
        boolean met = (control & CONTROL_ENABLE) != 0 && isOver();
        return Bits.with(control, CONTROL_STATUS, met);
      }
      return encoding == CNTP_CVAL ? compare : Bits.get(compare - SysReg.CNTPCT_EL0.read(), 31, 0);
    }

    private boolean isOver() {
      return Long.compareUnsigned(SysReg.CNTPCT_EL0.read(), compare) >= 0;
    }

    void write(int encoding, long value) {
      if (encoding == CNTP_CTL) {
        control = value & CONTROL_WRITABLE;
      } else if (encoding == CNTP_CVAL) {
        compare = value;
      } else {
        compare = SysReg.CNTPCT_EL0.read() + (int) value; // TVAL is signed
      }
      int before = writes;
      writes = before + 1;
      TimerQueue.cancel(this);
      Vgic.setLevel(vcpu, PHYSICAL_TIMER, false);
      if (control == CONTROL_ENABLE) {
        armAt(this, compare);
      }
    }

    /** A write that comes in between may lower the line before it is raised here: look again. */
    @Override
    public void fire() {
      int seen;
      do {
        seen = writes;
        Vgic.setLevel(vcpu, PHYSICAL_TIMER, control == CONTROL_ENABLE && isOver());
      } while (seen != writes);
    }
  }
}
