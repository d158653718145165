package ristretto.core.event;

import ristretto.core.domain.Vcpu;

/** The interrupt by which a vCPU learns that events are pending. */
public interface EventLine {
  /** Makes the interrupt pending and wakes the vCPU if it waits. Called with the event lock held. */
  void raise(Vcpu vcpu);
}
