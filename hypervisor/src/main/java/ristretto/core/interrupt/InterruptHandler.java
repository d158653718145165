package ristretto.core.interrupt;

/** Serves a physical interrupt of the hypervisor's own. */
public abstract class InterruptHandler {
  /**
   * Called on the CPU that took the interrupt, with no lock held; it is deactivated afterwards, so
   * a level-triggered source must be quiet by then.
   */
  public abstract void handle(int intid);
}
