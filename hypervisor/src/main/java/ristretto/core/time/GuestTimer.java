package ristretto.core.time;

import ristretto.core.domain.Vcpu;

/** The timers of a vCPU. (The owner, sibling "gic", replaces this outline.) */
public final class GuestTimer {
  private GuestTimer() {}

  public static void onSave(Vcpu vcpu) {
    throw new UnsupportedOperationException();
  }

  public static void onLoad(Vcpu vcpu) {
    throw new UnsupportedOperationException();
  }

  /** CNTP_CTL_EL0, CNTP_CVAL_EL0 or CNTP_TVAL_EL0, by {@code SysReg.encoding()}. */
  public static boolean owns(int encoding) {
    throw new UnsupportedOperationException();
  }

  /** A trapped access to a register that {@link #owns}; {@code register} is Rt of the running vCPU. */
  public static void access(Vcpu vcpu, int encoding, boolean read, int register) {
    throw new UnsupportedOperationException();
  }
}
