package ristretto.core.event;

import ristretto.core.domain.Vcpu;

/** How events reach a vCPU: an interrupt. */
public interface EventLine {
  /**
   * Makes the interrupt pending and wakes the vCPU if it waits. Called with the event lock held.
   */
  void raise(Vcpu vcpu);

  /** This or another interrupt is there for the vCPU: it does not wait. */
  boolean isInterrupted(Vcpu vcpu);
}
