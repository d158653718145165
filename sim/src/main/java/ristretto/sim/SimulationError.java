package ristretto.sim;

import java.util.Objects;

/**
 * The code under test did what no hardware would let pass, or what the simulation does not model.
 */
public final class SimulationError extends Error {
  public SimulationError(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
