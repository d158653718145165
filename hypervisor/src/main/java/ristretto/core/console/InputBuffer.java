package ristretto.core.console;

/** Typed bytes that Dom0 has not read yet. Guarded by its owner's lock. */
final class InputBuffer {
  /** Bytes: a script pasted into a terminal fits. */
  static final int CAPACITY = 4096;

  private final byte[] bytes = new byte[CAPACITY];
  private int first;
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  /** What does not fit is lost, as on any serial line that nobody reads. */
  void add(int b) {
    if (count < CAPACITY) {
      bytes[(first + count) % CAPACITY] = (byte) b;
      count++;
    }
  }

  /** The caller has checked that it is not empty. */
  int take() {
    int b = bytes[first] & 0xff;
    first = (first + 1) % CAPACITY;
    count--;
    return b;
  }
}
