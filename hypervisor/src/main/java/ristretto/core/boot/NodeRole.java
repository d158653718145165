package ristretto.core.boot;

/** What becomes of a node of the machine's device tree in Dom0's. */
enum NodeRole {
  /** Dom0's, as it is. */
  DOM0,
  /**
   * Marked {@code xen,passthrough}: for another domain. Dom0 sees it disabled and cannot reach it.
   */
  WITHHELD,
  /** The hypervisor uses the device itself: Dom0 does not see it. */
  OURS,
  /** Replaced by a node of our own making, elsewhere in the tree. */
  REPLACED,
  /** The interrupt controller, of which Dom0 gets a virtual one in its place. */
  INTERRUPT_CONTROLLER,
  /** The generic timer, without the hypervisor's own interrupt. */
  TIMER,
  /** /chosen, with what the loader tells Linux. */
  CHOSEN,
}
