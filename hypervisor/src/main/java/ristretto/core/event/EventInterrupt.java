package ristretto.core.event;

import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Vgic;

/** The PPI of the domain's hypervisor node, through its virtual interrupt controller. */
public final class EventInterrupt implements EventLine {
  @Override
  public void raise(Vcpu vcpu) {
    Vgic.inject(vcpu, vcpu.domain.eventInterrupt);
  }

  @Override
  public boolean isInterrupted(Vcpu vcpu) {
    return Vgic.hasDeliverable(vcpu);
  }
}
