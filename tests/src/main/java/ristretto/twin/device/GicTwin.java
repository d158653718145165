package ristretto.twin.device;

import ristretto.arch.gic.IchHcr;
import ristretto.arch.gic.ListRegister;
import ristretto.driver.gic.Gic;
import ristretto.driver.gic.Gicv2;
import ristretto.driver.gic.Gicv3;
import ristretto.driver.gic.Redistributors;
import ristretto.driver.uart.Pl011;
import ristretto.lang.Bits;
import ristretto.machine.Hint;
import ristretto.machine.Mmio;
import ristretto.machine.SysReg;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/**
 * The interrupt controller of QEMU's virt, of either version: what software sets pending, an SGI, a
 * level of a UART, and the virtual interface's maintenance interrupt. Interrupts are masked at the
 * CPU and taken by asking for them.
 */
public final class GicTwin implements Twin {
  /** Of {@link Pl011Twin}'s UART, SPI 8. */
  public static final int UART = 40;

  private static final long DISTRIBUTOR = 0x0800_0000L;
  private static final long CPU_INTERFACE = 0x0801_0000L;
  private static final long VIRTUAL_CONTROL = 0x0803_0000L;
  private static final long REDISTRIBUTORS = 0x080a_0000L;
  private static final int REDISTRIBUTOR_SIZE = 0x2_0000;

  private static final int SGI = 5;
  private static final int MAINTENANCE = 25;
  private static final int SPI = 50;
  private static final long PATIENCE = 1L << 28;

  @Override
  public String name() {
    return "Gic";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    boolean version3 = Bits.get(SysReg.ID_AA64PFR0_EL1.read(), 27, 24) != 0;
    Gic gic =
        version3
            ? new Gicv3(
                DISTRIBUTOR,
                new Redistributors(new long[] {REDISTRIBUTORS}, new long[] {REDISTRIBUTOR_SIZE}, 0),
                1)
            : new Gicv2(DISTRIBUTOR, CPU_INTERFACE, VIRTUAL_CONTROL, 1);
    out.line("version", gic.version());
    out.text(gic.startDistributor().text()).end();
    out.text(gic.startCpu(0, SysReg.MPIDR_EL1.read()).text()).end();
    out.line("lines", gic.lines());
    out.line("list registers", gic.listRegisters());
    take(gic, out);
    sgi(gic, out);
    software(gic, out);
    level(gic, out);
    virtual(gic, out);
  }

  /** Takes one interrupt, whole, and says what it was at each step. */
  private static void take(Gic gic, Out out) {
    int acknowledged = gic.acknowledge();
    int intid = Gic.intid(acknowledged);
    out.text("took").dec(intid);
    if (intid < 1020) {
      state(gic, intid, out);
      gic.dropPriority(acknowledged);
      state(gic, intid, out);
      gic.deactivate(acknowledged);
      state(gic, intid, out);
    }
    out.end();
  }

  private static void state(Gic gic, int intid, Out out) {
    out.flag(gic.isPending(0, intid)).flag(gic.isActive(0, intid));
  }

  private static void sgi(Gic gic, Out out) {
    gic.sendSgi(0, SGI);
    take(gic, out);
    take(gic, out);
  }

  /** Pending before it is enabled; two at once; twice at once; active by software. */
  private static void software(Gic gic, Out out) {
    for (int intid = SPI; intid < SPI + 4; intid++) {
      gic.setEdge(0, intid, intid != SPI + 1);
      gic.setTarget(intid, 0);
    }
    gic.setPending(0, SPI, true);
    take(gic, out);
    gic.enable(0, SPI);
    gic.enable(0, SPI + 2);
    gic.setPending(0, SPI + 2, true);
    gic.setPending(0, SPI + 2, true);
    take(gic, out);
    take(gic, out);
    take(gic, out);
    gic.setPending(0, SPI + 3, true);
    gic.setPending(0, SPI + 3, false);
    gic.enable(0, SPI + 3);
    take(gic, out);
    gic.setActive(0, SPI + 3, true);
    gic.setPending(0, SPI + 3, true);
    take(gic, out);
    gic.setActive(0, SPI + 3, false);
    take(gic, out);
    gic.setPending(0, SPI + 1, true);
    gic.enable(0, SPI + 1);
    gic.disable(0, SPI + 1);
    take(gic, out);
    state(gic, SPI + 1, out);
    gic.setPending(0, SPI + 1, false);
    state(gic, SPI + 1, out);
    out.end();
  }

  /** A line that stays up until its device is served. */
  private static void level(Gic gic, Out out) {
    Pl011 uart = new Pl011(new Mmio(Pl011Twin.BASE));
    uart.start();
    uart.enableReceiveInterrupt();
    gic.setEdge(0, UART, false);
    gic.setTarget(UART, 0);
    gic.enable(0, UART);
    uart.put(Peer.QUESTION);
    long start = SysReg.CNTPCT_EL0.read();
    while (!gic.isPending(0, UART) && SysReg.CNTPCT_EL0.read() - start < PATIENCE) {
      Hint.spin();
    }
    take(gic, out);
    take(gic, out);
    Peer.hear(uart, out);
    uart.acknowledgeInterrupt();
    take(gic, out);
  }

  private static void virtual(Gic gic, Out out) {
    gic.writeListRegister(0, ListRegister.pending(SPI, 0xa0).withEndInterrupt().bits());
    gic.writeListRegister(1, ListRegister.pending(SPI + 1, 0x50).withHardware(SPI + 1).bits());
    out.hash("software", gic.readListRegister(0));
    out.hash("hardware", gic.readListRegister(1));
    out.line("empty", gic.emptyListRegisters());
    gic.enable(0, MAINTENANCE);
    gic.writeHcr(IchHcr.ENABLE | IchHcr.UNDERFLOW);
    take(gic, out);
    gic.writeListRegister(0, ListRegister.EMPTY.bits());
    take(gic, out);
    gic.writeHcr(IchHcr.ENABLE);
    take(gic, out);
    gic.writeListRegister(1, ListRegister.EMPTY.bits());
    gic.writeHcr(IchHcr.ENABLE | IchHcr.NONE_PENDING);
    take(gic, out);
    gic.writeHcr(0);
    take(gic, out);
  }
}
