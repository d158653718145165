package ristretto.vdev.uart;

/** A ring of characters with their error bits. Its depth may be less than its capacity. */
final class Fifo {
  private final int[] entries;
  private int first;
  private int count;

  Fifo(int capacity) {
    entries = new int[capacity];
  }

  int count() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The caller has checked that there is room. */
  void add(int entry) {
    entries[(first + count) % entries.length] = entry;
    count++;
  }

  /** The caller has checked that it is not empty. */
  int take() {
    int entry = entries[first];
    first = (first + 1) % entries.length;
    count--;
    return entry;
  }

  void clear() {
    count = 0;
  }
}
