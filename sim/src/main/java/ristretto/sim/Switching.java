package ristretto.sim;

/** When the scheduler lets another CPU run. A CPU that waits or spins always gives way. */
public enum Switching {
  /** Only where a CPU waits, spins or ends. */
  NEVER,
  /** After every intrinsic, in turn. */
  ALWAYS,
  /** After every few intrinsics, by the seed. */
  RANDOM
}
