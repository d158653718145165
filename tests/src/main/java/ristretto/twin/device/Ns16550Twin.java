package ristretto.twin.device;

import ristretto.driver.uart.ConsoleDevice;
import ristretto.driver.uart.UartKind;
import ristretto.machine.Mmio;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/**
 * A 16550A: QEMU's pci-serial, whose ports the bridge of virt has in memory. TI PC16550D,
 * "Registers".
 */
public final class Ns16550Twin implements Twin {
  /** Where virt has PCI's ports, and how far in it is put. */
  private static final int PORT = 0x1000;

  public static final long BASE = 0x3eff_0000L + PORT;
  public static final int SIZE = 8;

  /** Configuration space of the second device of bus 0, with highmem-ecam=off. */
  public static final long CONFIGURATION = 0x3f00_0000L + (2 << 15);

  public static final int CONFIGURATION_SIZE = 0x1000;

  // PCI 3.0, "Configuration Space".
  private static final int COMMAND = 0x04;
  private static final int BAR0 = 0x10;
  private static final int COMMAND_IO = 1;

  private static final int IER = 1;
  private static final int IIR = 2;
  private static final int LCR = 3;
  private static final int LSR = 5;
  private static final int SCR = 7;

  private static final int IIR_NONE = 1;

  @Override
  public String name() {
    return "Ns16550";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Mmio configuration = new Mmio(CONFIGURATION);
    configuration.write32(BAR0, PORT);
    configuration.write32(COMMAND, COMMAND_IO);
    Mmio registers = new Mmio(BASE);
    ConsoleDevice uart = UartKind.NS16550A.create(registers, 0, 1);
    uart.start();
    print(registers, out);
    registers.write8(SCR, 0x5a);
    out.hash("SCR", registers.read8(SCR));
    Peer.send(uart);
    print(registers, out);
    Peer.ask(uart, out);
    uart.enableReceiveInterrupt();
    out.flag((registers.read8(IIR) & IIR_NONE) == 0).end();
    Peer.ask(uart, out);
    uart.acknowledgeInterrupt();
    out.flag((registers.read8(IIR) & IIR_NONE) == 0).end();
    print(registers, out);
  }

  private static void print(Mmio registers, Out out) {
    out.hash("IER", registers.read8(IER));
    out.hash("LCR", registers.read8(LCR));
    out.hash("LSR", registers.read8(LSR));
  }
}
