package ristretto.twin.device;

import ristretto.driver.uart.Pl011;
import ristretto.machine.Mmio;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** The second PL011 of QEMU's virt. Arm DDI 0183, "Programmers Model". */
public final class Pl011Twin implements Twin {
  public static final long BASE = 0x0904_0000L;
  public static final int SIZE = 0x1000;

  private static final int UARTFR = 0x018;
  private static final int UARTLCR_H = 0x02c;
  private static final int UARTCR = 0x030;
  private static final int UARTIFLS = 0x034;
  private static final int UARTIMSC = 0x038;
  private static final int UARTMIS = 0x040;
  private static final int UARTPERIPHID0 = 0xfe0;
  private static final int UARTPERIPHID2 = 0xfe8;

  /** Without the revision: QEMU's is r1p1, the model r1p5. */
  private static final int PART_OF_ID2 = 0xf;

  @Override
  public String name() {
    return "Pl011";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Mmio registers = new Mmio(BASE);
    for (int offset = UARTPERIPHID0; offset < SIZE; offset += 4) {
      int mask = offset == UARTPERIPHID2 ? PART_OF_ID2 : -1;
      out.hash("id", registers.read32(offset) & mask);
    }
    print(registers, out);
    Pl011 uart = new Pl011(registers);
    uart.start();
    print(registers, out);
    Peer.send(uart);
    print(registers, out);
    Peer.ask(uart, out);
    uart.enableReceiveInterrupt();
    out.hash("none", registers.read32(UARTMIS));
    Peer.ask(uart, out);
    uart.acknowledgeInterrupt();
    out.hash("taken", registers.read32(UARTMIS));
    print(registers, out);
  }

  private static void print(Mmio registers, Out out) {
    out.hash("UARTFR", registers.read32(UARTFR) & 0xf8); // without the modem's lines
    out.hash("UARTLCR_H", registers.read32(UARTLCR_H));
    out.hash("UARTCR", registers.read32(UARTCR));
    out.hash("UARTIFLS", registers.read32(UARTIFLS));
    out.hash("UARTIMSC", registers.read32(UARTIMSC));
  }
}
