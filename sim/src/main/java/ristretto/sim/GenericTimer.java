package ristretto.sim;

import ristretto.lang.Bits;
import ristretto.machine.SysReg;

/**
 * One CPU's generic timer: the counters and the EL1 physical, EL2 physical and EL1 virtual timers.
 * Arm ARM DDI 0487, "The Generic Timer in AArch64 state". Access traps are not modelled.
 */
final class GenericTimer {
  /** The timers' interrupts, as on every board that follows Arm's Base System Architecture. */
  static final int PPI_EL2_PHYSICAL = 26;

  static final int PPI_VIRTUAL = 27;
  static final int PPI_EL1_PHYSICAL = 30;

  private final Clock clock;
  private final SimulatedCpu cpu;
  private long virtualOffset;

  /** Gives {@code cpu} its timers. */
  static void attach(Clock clock, SimulatedCpu cpu) {
    var _ = new GenericTimer(clock, cpu);
  }

  private GenericTimer(Clock clock, SimulatedCpu cpu) {
    this.clock = clock;
    this.cpu = cpu;
    cpu.onRead(SysReg.CNTPCT_EL0, clock::now);
    cpu.onRead(SysReg.CNTVCT_EL0, () -> clock.now() - virtualOffset);
    new Comparator(
        PPI_EL1_PHYSICAL, false, SysReg.CNTP_CTL_EL0, SysReg.CNTP_CVAL_EL0, SysReg.CNTP_TVAL_EL0);
    new Comparator(
        PPI_EL2_PHYSICAL,
        false,
        SysReg.CNTHP_CTL_EL2,
        SysReg.CNTHP_CVAL_EL2,
        SysReg.CNTHP_TVAL_EL2);
    Comparator virtual =
        new Comparator(
            PPI_VIRTUAL, true, SysReg.CNTV_CTL_EL0, SysReg.CNTV_CVAL_EL0, SysReg.CNTV_TVAL_EL0);
    cpu.onRead(SysReg.CNTVOFF_EL2, () -> virtualOffset);
    cpu.onWrite(
        SysReg.CNTVOFF_EL2,
        value -> {
          virtualOffset = value;
          virtual.update();
        });
  }

  /** One timer: its output is high while the count has reached CVAL, unless disabled or masked. */
  private final class Comparator {
    private final int ppi;
    private final boolean virtual;
    private final Clock.Alarm alarm;
    private boolean enabled;
    private boolean masked;
    private long compareValue;

    Comparator(int ppi, boolean virtual, SysReg control, SysReg compare, SysReg timer) {
      this.ppi = ppi;
      this.virtual = virtual;
      this.alarm = clock.alarm(this::update);
      cpu.onRead(control, this::control);
      cpu.onWrite(control, this::setControl);
      cpu.onRead(compare, () -> compareValue);
      cpu.onWrite(compare, this::setCompareValue);
      cpu.onRead(timer, () -> Bits.get(compareValue - count(), 31, 0));
      cpu.onWrite(timer, value -> setCompareValue(count() + (int) value));
    }

    private long count() {
      return virtual ? clock.now() - virtualOffset : clock.now();
    }

    private boolean isMet() {
      return Long.compareUnsigned(count(), compareValue) >= 0;
    }

    /** CNTx_CTL: ENABLE, IMASK, ISTATUS. */
    private long control() {
      long bits = Bits.with(Bits.with(0, 0, enabled), 1, masked);
      return Bits.with(bits, 2, enabled && isMet());
    }

    private void setControl(long bits) {
      enabled = Bits.isSet(bits, 0);
      masked = Bits.isSet(bits, 1);
      update();
    }

    private void setCompareValue(long value) {
      compareValue = value;
      update();
    }

    void update() {
      boolean met = enabled && isMet();
      if (enabled && !met) {
        alarm.set(virtual ? compareValue + virtualOffset : compareValue);
      } else {
        alarm.cancel();
      }
      cpu.driveInterrupt(ppi, met && !masked);
    }
  }
}
