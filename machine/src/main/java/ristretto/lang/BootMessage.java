package ristretto.lang;

import java.nio.charset.StandardCharsets;

/**
 * A line of text put together while booting, before there is a console: why something was refused,
 * or what somebody should know. Bytes are ISO 8859-1; anything unprintable is shown as '?', so that
 * a damaged device tree cannot play tricks on a terminal.
 */
public final class BootMessage {
  /** What does not fit is cut off; a line on a terminal is shorter. */
  public static final int CAPACITY = 320;

  private static final String DIGITS = "0123456789abcdef";

  private final byte[] bytes = new byte[CAPACITY];
  private int length;

  @BootOnly
  public BootMessage() {}

  @BootOnly
  public BootMessage(String start) {
    text(start);
  }

  public BootMessage text(String text) {
    for (int i = 0; i < text.length(); i++) {
      character(text.charAt(i));
    }
    return this;
  }

  /** What another message says. */
  public BootMessage text(BootMessage other) {
    for (int i = 0; i < other.length; i++) {
      character(other.bytes[i]);
    }
    return this;
  }

  /** One byte of text. */
  public BootMessage character(int code) {
    if (length < CAPACITY) {
      bytes[length] = (byte) (code < 0x20 || code > 0x7e ? '?' : code);
      length++;
    }
    return this;
  }

  /** {@code value} as unsigned hexadecimal with 0x before it. */
  public BootMessage hex(long value) {
    text("0x");
    int nibble = (63 - Long.numberOfLeadingZeros(value | 1)) / 4;
    for (; nibble >= 0; nibble--) {
      character(DIGITS.charAt((int) Bits.get(value, nibble * 4 + 3, nibble * 4)));
    }
    return this;
  }

  /** {@code value} as unsigned decimal. */
  public BootMessage dec(long value) {
    long divisor = 1;
    while (Long.compareUnsigned(Long.divideUnsigned(value, divisor), 10) >= 0) {
      divisor *= 10;
    }
    while (divisor != 0) {
      character('0' + (int) Long.remainderUnsigned(Long.divideUnsigned(value, divisor), 10));
      divisor = Long.divideUnsigned(divisor, 10);
    }
    return this;
  }

  public int length() {
    return length;
  }

  /** The byte at {@code index}, printable ASCII. */
  public int at(int index) {
    return bytes[index];
  }

  /** The text, for tests. */
  @HostOnly
  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }
}
