package ristretto.sim;

/** Firmware at EL3: answers SMC. */
public interface SecureMonitor {
  /** One call by {@code cpu}; {@code x} holds x0 to x17, changed in place. */
  void call(SimulatedCpu cpu, long[] x);
}
