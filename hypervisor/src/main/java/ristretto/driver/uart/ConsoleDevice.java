package ristretto.driver.uart;

/**
 * A byte-wise terminal line. The caller serialises {@link #put}; input is polled by one CPU at a
 * time, at most concurrently with output.
 */
public interface ConsoleDevice {
  /** Initialises the device. The baud rate stays as the firmware left it. */
  void start();

  /** Room for a byte right now? */
  boolean canPut();

  /**
   * Sends the low 8 bits. Waits for room, but only for a bounded time; a line that stays stuck
   * loses the byte and those after it at once, until it moves again.
   */
  void put(int b);

  /** Takes the next received byte, or -1 when there is none. */
  int poll();

  /** From here on a received byte raises the device's interrupt. */
  void enableReceiveInterrupt();

  /**
   * Clears a cause of the interrupt that polling does not end. The handler polls then, and the
   * interrupt stays as long as something is left.
   */
  void acknowledgeInterrupt();
}
