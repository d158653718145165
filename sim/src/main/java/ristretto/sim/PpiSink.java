package ristretto.sim;

/** Where a CPU's private interrupt wires lead: an interrupt controller's model. */
public interface PpiSink {
  /** Drives private interrupt {@code number} (16 to 31). */
  void set(int number, boolean level);
}
