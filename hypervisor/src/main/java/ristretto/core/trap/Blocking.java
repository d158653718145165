package ristretto.core.trap;

import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Vgic;
import ristretto.core.sched.Scheduler;

/** Waiting without losing a wake-up. */
public final class Blocking {
  private Blocking() {}

  /** WFI: the vCPU stops until an interrupt can be delivered to it, masked or not. */
  public static void waitForInterrupt(Vcpu vcpu) {
    if (Vgic.hasDeliverable(vcpu)) {
      return;
    }
    Scheduler.block(vcpu);
    if (Vgic.hasDeliverable(vcpu)) {
      Scheduler.wake(vcpu); // it came between the two questions
    }
  }
}
