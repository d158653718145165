package ristretto.core.console;

import org.jspecify.annotations.Nullable;
import ristretto.lang.Bits;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/**
 * A message while it is put together. Everything that does not fit its buffer is cut off and shown
 * as "..."; {@link #end} sends it. Numbers are printed as {@code Long.toString} and its unsigned
 * and hexadecimal siblings print them.
 */
@Cold
public final class LogLine {
  /** What starts each line, as with Xen, so that people and scripts know it. */
  static final String PREFIX = "(XEN) ";

  static final int CAPACITY = 512;

  private static final String DIGITS = "0123456789abcdef";
  private static final String CUT = "...";

  /** Where a line goes. */
  enum Route {
    CONSOLE,
    /** Without locks. */
    EMERGENCY,
    NOWHERE
  }

  private final Route route;
  private final byte[] bytes = new byte[CAPACITY];
  private int length;
  private boolean cut;
  private @Nullable GuestConsole charged;

  @BootOnly
  LogLine(Route route) {
    this.route = route;
  }

  /** Starts afresh; what a fault left unfinished is forgotten. */
  LogLine begin(@Nullable GuestConsole guest) {
    length = 0;
    cut = false;
    charged = guest;
    return startLine();
  }

  private LogLine startLine() {
    text(PREFIX);
    Timestamp.addTo(this);
    return this;
  }

  public LogLine text(String text) {
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
    return this;
  }

  /** One byte of text; what is not printable ASCII is shown as '?'. */
  public LogLine character(int code) {
    append(code < ' ' || code > '~' ? '?' : code);
    return this;
  }

  /** {@code count} bytes of text at a hypervisor address, up to a zero byte, shown as above. */
  public LogLine characters(long address, int count) {
    for (int i = 0; i < count; i++) {
      int code = Memory.load8(address + i);
      if (code == 0) {
        break;
      }
      character(code);
    }
    return this;
  }

  public LogLine message(BootMessage message) {
    for (int i = 0; i < message.length(); i++) {
      character(message.at(i));
    }
    return this;
  }

  /** Signed decimal. */
  public LogLine dec(long value) {
    if (value < 0) {
      append('-');
    }
    return unsigned(value < 0 ? -value : value); // -MIN_VALUE is right as an unsigned number
  }

  /** Signed decimal, right-aligned in {@code width} columns. */
  public LogLine dec(long value, int width) {
    int columns = value < 0 ? 1 : 0;
    long rest = value < 0 ? -value : value;
    do {
      columns++;
      rest = Long.divideUnsigned(rest, 10);
    } while (rest != 0);
    for (; columns < width; columns++) {
      append(' ');
    }
    return dec(value);
  }

  /** Unsigned decimal. */
  public LogLine unsigned(long value) {
    long divisor = 1;
    while (Long.compareUnsigned(Long.divideUnsigned(value, divisor), 10) >= 0) {
      divisor *= 10;
    }
    while (divisor != 0) {
      append('0' + (int) Long.remainderUnsigned(Long.divideUnsigned(value, divisor), 10));
      divisor = Long.divideUnsigned(divisor, 10);
    }
    return this;
  }

  /** The low {@code digits} decimal digits of a number that is not negative. */
  LogLine decimals(long value, int digits) {
    long divisor = 1;
    for (int i = 1; i < digits; i++) {
      divisor *= 10;
    }
    for (; divisor != 0; divisor /= 10) {
      append('0' + (int) (value / divisor % 10));
    }
    return this;
  }

  /** 0x and as many hexadecimal digits as needed. */
  public LogLine hex(long value) {
    append('0');
    append('x');
    return hex(value, (67 - Long.numberOfLeadingZeros(value | 1)) / 4);
  }

  /** The low {@code digits} hexadecimal digits, without 0x. */
  public LogLine hex(long value, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
      append(DIGITS.charAt((int) Bits.get(value, 4 * i + 3, 4 * i)));
    }
    return this;
  }

  /** A further line of the same message, which nothing comes in between. */
  public LogLine line() {
    append('\n');
    return startLine();
  }

  /** {@link #line()} and its text. */
  public LogLine line(String text) {
    return line().text(text);
  }

  /** Sends the message. */
  public void end() {
    if (route == Route.NOWHERE) {
      return;
    }
    if (cut) {
      length = CAPACITY - 1 - CUT.length();
      for (int i = 0; i < CUT.length(); i++) {
        bytes[length + i] = (byte) CUT.charAt(i);
      }
      length += CUT.length();
    }
    bytes[length] = '\n';
    length++;
    if (charged != null) {
      charged.charge(length);
    }
    if (route == Route.EMERGENCY) {
      Console.system().writeEmergency(bytes, length);
    } else {
      Console.system().write(bytes, length);
    }
  }

  private void append(int code) {
    if (route == Route.NOWHERE) {
      return;
    }
    if (length == CAPACITY - 1) { // one byte is kept for the end of the line
      cut = true;
    } else {
      bytes[length] = (byte) code;
      length++;
    }
  }
}
