package ristretto.twin.device;

import ristretto.driver.uart.ConsoleDevice;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;
import ristretto.twin.Out;

/** The other end of a serial line, which keeps what it gets and answers a question. */
public final class Peer {
  /** What makes it answer. */
  public static final char QUESTION = '?';

  /** Fewer bytes than a 16550's FIFO has. */
  public static final String ANSWER = "ristretto";

  /** Some seconds, in ticks of the counter. */
  private static final long PATIENCE = 1L << 28;

  private Peer() {}

  /** Sends more than a FIFO holds. */
  static void send(ConsoleDevice uart) {
    for (int i = 0; i < 100; i++) {
      uart.put('0' + i % 10);
    }
  }

  /** Asks, and prints what comes. */
  static void ask(ConsoleDevice uart, Out out) {
    uart.put(QUESTION);
    hear(uart, out);
  }

  /** Prints the answer to a question. */
  static void hear(ConsoleDevice uart, Out out) {
    long start = SysReg.CNTPCT_EL0.read();
    int taken = 0;
    out.text("answer ");
    while (taken < ANSWER.length() && SysReg.CNTPCT_EL0.read() - start < PATIENCE) {
      int b = uart.poll();
      if (b >= 0) {
        out.character(b);
        taken++;
      } else {
        Hint.spin();
      }
    }
    out.dec(uart.poll()).end();
  }
}
