package ristretto.image;

import ristretto.core.console.Console;
import ristretto.core.interrupt.InterruptHandler;

/** The console's UART has received something. */
final class ConsoleInterrupt extends InterruptHandler {
  @Override
  public void handle(int intid) {
    Console.system().onReceive();
  }
}
