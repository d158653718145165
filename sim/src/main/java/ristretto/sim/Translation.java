package ristretto.sim;

/** Answers the address translation instructions. */
public interface Translation {
  /** The value that PAR_EL1 takes; {@code both} asks for stage 2 after stage 1. */
  long translate(SimulatedCpu cpu, long virtualAddress, boolean write, boolean both);
}
