package ristretto.core.interrupt;

import ristretto.core.cpu.Cpu;

/** Physical interrupts. (The owner, sibling "gic", replaces this outline.) */
public final class Interrupts {
  private Interrupts() {}

  /** Acknowledges and serves interrupts until none is pending. */
  public static void handlePending() {
    throw new UnsupportedOperationException();
  }

  /** Makes {@code cpu}, another one, set its {@code reschedule} and look at its vCPU's interrupts. */
  public static void sendReschedule(Cpu cpu) {
    throw new UnsupportedOperationException();
  }
}
