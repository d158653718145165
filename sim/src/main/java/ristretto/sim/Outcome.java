package ristretto.sim;

/** How the firmware was asked to end the machine's run. */
public enum Outcome {
  NONE,
  POWER_OFF,
  RESET
}
