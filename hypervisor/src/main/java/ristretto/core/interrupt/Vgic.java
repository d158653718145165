package ristretto.core.interrupt;

import ristretto.core.domain.Vcpu;

/** The virtual interrupt controller. (The owner, sibling "gic", replaces this outline.) */
public final class Vgic {
  private Vgic() {}

  public static void onSave(Vcpu vcpu) {
    throw new UnsupportedOperationException();
  }

  public static void onLoad(Vcpu vcpu) {
    throw new UnsupportedOperationException();
  }

  /** An interrupt is pending, enabled and of sufficient priority, whatever PSTATE.I says. */
  public static boolean hasDeliverable(Vcpu vcpu) {
    throw new UnsupportedOperationException();
  }

  /** ICC_SGI1R_EL1 written by the running vCPU. */
  public static void sgi(Vcpu vcpu, long value) {
    throw new UnsupportedOperationException();
  }

  /** Makes an edge-triggered interrupt pending, wherever the vCPU is. */
  public static void inject(Vcpu vcpu, int intid) {
    throw new UnsupportedOperationException();
  }
}
