package ristretto.image;

import org.jspecify.annotations.Nullable;
import ristretto.core.boot.CommandLine;
import ristretto.core.boot.LoaderTree;
import ristretto.core.boot.UartInfo;
import ristretto.core.console.Console;
import ristretto.core.console.Log;
import ristretto.core.console.LogLevel;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.mm.Stage1;
import ristretto.driver.uart.ConsoleDevice;
import ristretto.lang.BootOnly;
import ristretto.machine.Mmio;

/** The console's part of the boot: output first of all, the rest as soon as it is possible. */
final class ConsoleStart {
  private final CommandLine options;
  private final @Nullable UartInfo uart;

  /** Starts the output; from here on everything can complain. */
  @BootOnly
  ConsoleStart(LoaderTree loader) {
    options = loader.commandLine;
    uart = loader.uart;
    Log.showUpTo(level(options.logLevel().printed()));
    Log.showGuestUpTo(level(options.guestLogLevel().printed()));
    Log.timestamps(options.timestamps());
    Console.system().keepDom0Output(options.consoleToRing());
    Console.system().input().switchCharacter(options.switchCharacter());
    Log.print().text("Ristretto ").text(Version.TEXT).text(", an AArch64 hypervisor in Java").end();
    if (uart != null) {
      Stage1.mapDevice(uart.base, uart.size);
      ConsoleDevice device =
          uart.kind.create(new Mmio(uart.base), uart.registerShift, uart.registerWidth);
      Console.system().start(device);
    }
  }

  /** Levels that are printed: 0 none, 1 errors, 2 also warnings, 3 also info, 4 everything. */
  private static LogLevel level(int printed) {
    return switch (printed) {
      case 0 -> LogLevel.NONE;
      case 1 -> LogLevel.ERROR;
      case 2 -> LogLevel.WARNING;
      case 3 -> LogLevel.INFO;
      default -> LogLevel.DEBUG;
    };
  }

  /** Bytes that {@link #growRing} takes from the heap. */
  long ringGrowth() {
    int size = Console.ringSize(options.ringSize());
    return size == Console.DEFAULT_RING_SIZE ? 0 : size;
  }

  /** {@code conring_size}: more than the image itself has room for. */
  @BootOnly
  void growRing() {
    if (ringGrowth() != 0) {
      Console.system().resizeRing((int) ringGrowth());
    }
  }

  /** Listens to the line, once there is an interrupt controller. */
  @BootOnly
  void takeInput() {
    if (uart != null && uart.interrupt.exists()) {
      Interrupts.route(uart.interrupt.intid(), uart.interrupt.isEdge(), new ConsoleInterrupt());
      Console.system().enableInput();
    }
  }

  /** The input is Dom0's when it starts, unless {@code conswitch=} says otherwise. */
  @BootOnly
  void giveInput() {
    if (uart != null) {
      Console.system().input().give(options.inputStaysWithHypervisor());
    }
  }
}
