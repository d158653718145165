package ristretto.twin;

import java.util.function.IntConsumer;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedGic;
import ristretto.sim.SimulatedMachine;
import ristretto.twin.device.GicTwin;
import ristretto.twin.device.Ns16550Twin;
import ristretto.twin.device.Peer;
import ristretto.twin.device.Pl011Twin;
import ristretto.twin.language.RawMemory;
import ristretto.vdev.MmioDevice;
import ristretto.vdev.uart.Ns16550Model;
import ristretto.vdev.uart.Pl011Model;

/** What a twin's machine has on the JVM: RAM, and models of the devices that QEMU has. */
final class TwinMachine {
  /** As QEMU's virt. */
  private static final int LINES = 288;

  private static final int LIST_REGISTERS = 4;

  private final SimulatedMachine machine =
      new SimulatedMachine().ram(RawMemory.BASE, RawMemory.SIZE);
  private final Line pl011 = new Line();
  private final Line ns16550 = new Line();

  TwinMachine(int gicVersion) {
    SimulatedGic gic =
        gicVersion == 2
            ? SimulatedGic.v2(machine, LINES, LIST_REGISTERS)
            : SimulatedGic.v3(machine, LINES, LIST_REGISTERS);
    machine.cpu(0).setRegister(SysReg.ID_AA64PFR0_EL1, gicVersion == 3 ? 1L << 24 : 0);
    Pl011Model uart = new Pl011Model(level -> gic.setLine(GicTwin.UART, level), pl011::take);
    pl011.answer = uart::receive;
    machine.map(Pl011Twin.BASE, Pl011Twin.SIZE, uart);
    Ns16550Model ports = new Ns16550Model(level -> {}, ns16550::take, 0, false);
    ns16550.answer = ports::receive;
    machine.map(Ns16550Twin.BASE, Ns16550Twin.SIZE, ports);
    machine.map(Ns16550Twin.CONFIGURATION, Ns16550Twin.CONFIGURATION_SIZE, new Ignored());
  }

  void run(Runnable body) {
    machine.run(body);
  }

  String sentByPl011() {
    return pl011.taken.toString();
  }

  String sentByNs16550() {
    return ns16550.taken.toString();
  }

  /** The other end of a UART, which has an answer to each question. */
  private static final class Line {
    private final StringBuilder taken = new StringBuilder();
    private IntConsumer answer = b -> {};

    void take(int b) {
      taken.append((char) b);
      if (b == Peer.QUESTION) {
        Peer.ANSWER.chars().forEach(answer);
      }
    }
  }

  /** Registers of the PCI bridge, which has nothing to say about a UART. */
  private static final class Ignored implements MmioDevice {
    @Override
    public long read(int offset, int size) {
      return 0;
    }

    @Override
    public void write(int offset, int size, long value) {}
  }
}
