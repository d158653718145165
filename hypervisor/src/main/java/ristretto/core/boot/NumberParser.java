package ristretto.core.boot;

import ristretto.fdt.Text;
import ristretto.lang.BootOnly;

/**
 * Integers and sizes as Xen writes them: decimal, {@code 0x} hexadecimal, a leading 0 for octal;
 * sizes with a suffix of T, G, M, K or B. docs/misc/xen-command-line.pandoc, "Types of parameter".
 */
final class NumberParser {
  private static final int KIB = 10;
  private static final int TIB = 40;

  private final Text text;
  private int at;
  private boolean bad;

  @BootOnly
  NumberParser(Text text) {
    this.text = text;
  }

  /** Whether all of the text was understood. */
  boolean isComplete() {
    return !bad && at == text.length;
  }

  /** The number that begins here; what follows it stays unread. */
  long integer() {
    boolean negative = text.at(at) == '-';
    if (negative) {
      at++;
    }
    int base = 10;
    if (text.at(at) == '0') {
      boolean hexadecimal = (text.at(at + 1) | 0x20) == 'x';
      base = hexadecimal ? 16 : 8;
      at += hexadecimal ? 2 : 0;
    }
    int start = at;
    long value = 0;
    for (int digit = digit(base); digit >= 0; digit = digit(base)) {
      if (value > (Long.MAX_VALUE - digit) / base) {
        bad = true;
        return 0;
      }
      value = value * base + digit;
      at++;
    }
    bad |= at == start;
    return negative ? -value : value;
  }

  private int digit(int base) {
    int character = text.at(at);
    int digit =
        character >= '0' && character <= '9'
            ? character - '0'
            : (character | 0x20) >= 'a' && (character | 0x20) <= 'f'
                ? (character | 0x20) - 'a' + 10
                : -1;
    return digit < base ? digit : -1;
  }

  /** A size in bytes; without a suffix it is in KiB. */
  long size() {
    long value = integer();
    int shift =
        switch (text.at(at)) {
          case 'T', 't' -> TIB;
          case 'G', 'g' -> TIB - KIB;
          case 'M', 'm' -> 2 * KIB;
          case 'K', 'k' -> KIB;
          case 'B', 'b' -> 0;
          default -> -1;
        };
    if (shift >= 0) {
      at++;
    } else {
      shift = KIB;
    }
    if (value != 0 && Long.numberOfLeadingZeros(Math.abs(value)) <= shift) {
      bad = true;
      return 0;
    }
    return value << shift;
  }

  /** Whether the next character is {@code character}; takes it then. */
  boolean take(int character) {
    if (text.at(at) != character) {
      return false;
    }
    at++;
    return true;
  }
}
