package ristretto.driver.uart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.machine.Memory;
import ristretto.machine.Mmio;
import ristretto.sim.SimulatedMachine;
import ristretto.vdev.uart.Ns16550Model;

class Ns16550Test {
  private static final long BASE = 0x10c0_2000;

  private final StringBuilder sent = new StringBuilder();
  private boolean irq;
  private final Ns16550Model model =
      new Ns16550Model(level -> irq = level, b -> sent.append((char) b), 2, true);
  private final SimulatedMachine machine = new SimulatedMachine().map(BASE, 0x100, model);
  private final ConsoleDevice uart = UartKind.DESIGNWARE.create(new Mmio(BASE), 2, 4);

  @Test
  void sendsMoreThanAFifo() {
    machine.run(() -> {
      uart.start();
      for (int i = 0; i < 100; i++) {
        uart.put('0' + i % 10);
      }
    });
    assertEquals("0123456789".repeat(10), sent.toString());
  }

  @Test
  void startsOnABusyLineAndClearsBusyDetect() {
    model.receive('j');
    machine.run(() -> {
      // What the firmware left behind: the divisor visible, a byte waiting, busy detected.
      Memory.store32(BASE + (Ns16550.LCR << 2), 0x80);
      assertTrue(irq);
      uart.start();
      uart.acknowledgeInterrupt();
      assertFalse(irq);
      assertEquals(3, Memory.load32(BASE + (Ns16550.LCR << 2)));
      uart.put('k');
      assertEquals(-1, uart.poll());
    });
    assertEquals("k", sent.toString());
  }

  @Test
  void takesReceivedBytesAndEndsTheInterrupt() {
    machine.run(() -> {
      uart.start();
      uart.enableReceiveInterrupt();
    });
    model.receive('a');
    assertTrue(irq);
    machine.run(() -> {
      uart.acknowledgeInterrupt();
      assertEquals('a', uart.poll());
      assertEquals(-1, uart.poll());
    });
    assertFalse(irq);
  }

  @Test
  void speaksToByteWideRegistersSideBySide() {
    Ns16550Model plain = new Ns16550Model(level -> {}, b -> sent.append((char) b), 0, false);
    machine.map(0x2000_0000, 8, plain);
    ConsoleDevice narrow = UartKind.NS16550A.create(new Mmio(0x2000_0000), 0, 1);
    machine.run(() -> {
      narrow.start();
      narrow.put('n');
    });
    assertEquals("n", sent.toString());
  }

  @Test
  void isChosenByCompatible() {
    assertInstanceOf(Pl011.class, UartKind.PL011.create(new Mmio(BASE), 0, 0));
    assertInstanceOf(Ns16550.class, UartKind.NS16550.create(new Mmio(BASE), 0, 1));
  }
}
