package ristretto.core.console;

import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * The last bytes of the log, for {@code xl dmesg}. A position counts the bytes ever written, modulo
 * 2^32, as {@code index} of {@code struct xen_sysctl_readconsole} does. The caller holds the
 * console's lock.
 */
final class ConsoleRing {
  private byte[] bytes;

  /** Position after the newest byte. */
  private int end;

  /** Position of the oldest byte that is there and that no reader cleared. */
  private int start;

  /** {@code size} is a power of two. */
  @BootOnly
  ConsoleRing(int size) {
    bytes = new byte[size];
  }

  /** {@code conring_size=}: a ring of another size, a power of two, with the same content. */
  @BootOnly
  void resize(int size) {
    byte[] larger = new byte[size];
    if (end - start > size) {
      start = end - size;
    }
    for (int position = start; position != end; position++) {
      larger[position & size - 1] = at(position);
    }
    bytes = larger;
  }

  int size() {
    return bytes.length;
  }

  void append(byte b) {
    bytes[end & bytes.length - 1] = b;
    end++;
    if (end - start > bytes.length) {
      start++;
    }
  }

  int end() {
    return end;
  }

  int start() {
    return start;
  }

  byte at(int position) {
    return bytes[position & bytes.length - 1];
  }

  /** Where a reader that has seen everything before {@code position} goes on. */
  int resume(int position) {
    return Integer.compareUnsigned(position - start, end - start) > 0 ? start : position;
  }

  /** Copies up to {@code limit} bytes from {@code position} to {@code target}; returns how many. */
  int copy(int position, long target, int limit) {
    int count = Math.min(end - position, limit);
    for (int i = 0; i < count; i++) {
      Memory.store8(target + i, at(position + i));
    }
    return count;
  }

  /**
   * Everything before {@code position}, which {@link #resume} or {@link #end} gave, is forgotten.
   */
  void clear(int position) {
    start = resume(position);
  }
}
