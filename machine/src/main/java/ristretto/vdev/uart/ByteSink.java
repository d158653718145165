package ristretto.vdev.uart;

/** Where a UART's transmitted bytes go. */
public interface ByteSink {
  /** Takes one byte, 0 to 255; asked only while {@link #isReady()}. */
  void put(int b);

  /** False while the far end cannot take a byte: the UART keeps it in its FIFO. */
  default boolean isReady() {
    return true;
  }
}
