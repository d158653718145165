package ristretto.core.interrupt;

import ristretto.arch.gic.ListRegister;

/**
 * Where interrupts are pending that no list register holds: a vCPU's own ({@link VgicCpu}; on the
 * CPU that has it loaded, without a lock), or a domain's SPIs ({@link SpiState}; with the VGIC lock
 * held). What is listed has moved its pending state to the list register.
 */
interface PendingState {
  int priority(int intid);

  /** It is level-triggered and its wire is high. */
  boolean isHigh(int intid);

  /** Pending by an edge or by software. */
  boolean isLatched(int intid);

  /** Latched because the physical interrupt is active, which the guest is to deactivate. */
  boolean isPhysical(int intid);

  /** Makes it pending here, besides what a list register says. */
  void latch(int intid);

  /**
   * Moves the pending state of {@code intid} to a list register of {@code cpu}: to this content.
   */
  ListRegister list(VgicCpu cpu, int intid);

  /** What was latched is in the list register now, which held the interrupt already. */
  void merged(int intid);

  /**
   * {@code held} was taken out of its list register, but for its active state.
   *
   * @param keep it is to be pending here again
   * @return whether it is; if not, its physical interrupt is nobody's any more
   */
  boolean takenBack(ListRegister held, boolean keep);
}
