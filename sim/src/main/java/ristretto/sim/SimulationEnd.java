package ristretto.sim;

/**
 * Unwinds a simulated CPU's stack when the machine is switched off; caught by the simulation only.
 */
final class SimulationEnd extends Error {
  SimulationEnd() {
    super("the simulated machine has ended", null, false, false);
  }
}
