package ristretto.fdt;

import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.lang.HostOnly;
import ristretto.machine.Memory;

/** Bytes of text that stay where they are in raw memory: a property's string, a command line. */
public final class Text {
  /** Hypervisor address of the first byte. */
  public final long address;

  /** Bytes, without a terminator. */
  public final int length;

  @BootOnly
  public Text(long address, int length) {
    this.address = address;
    this.length = length;
  }

  /** No text at all. */
  @BootOnly
  public static Text empty() {
    return new Text(0, 0);
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** The byte at {@code index}, 0 to 255, or -1 outside of the text. */
  public int at(int index) {
    return index >= 0 && index < length ? Memory.load8(address + index) : -1;
  }

  /** Whether this is {@code other}, character by character. */
  public boolean is(String other) {
    return length == other.length() && startsWith(other);
  }

  public boolean is(Text other) {
    if (length != other.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (at(i) != other.at(i)) {
        return false;
      }
    }
    return true;
  }

  public boolean startsWith(String prefix) {
    if (prefix.length() > length) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (Memory.load8(address + i) != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Where {@code character} is first found at or after {@code from}; {@link #length} if nowhere.
   */
  public int find(int character, int from) {
    int i = from;
    while (i < length && Memory.load8(address + i) != character) {
      i++;
    }
    return Math.min(i, length);
  }

  /** The part from {@code from} up to but not including {@code to}. */
  @BootOnly
  public Text part(int from, int to) {
    return new Text(address + from, to - from);
  }

  /** Adds the text to {@code message}. */
  public void appendTo(BootMessage message) {
    for (int i = 0; i < length; i++) {
      message.character(Memory.load8(address + i));
    }
  }

  @HostOnly
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) Memory.load8(address + i));
    }
    return text.toString();
  }
}
