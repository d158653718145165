package ristretto.driver.uart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.driver.timer.GenericTimer;
import ristretto.machine.Mmio;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedMachine;
import ristretto.vdev.uart.ByteSink;
import ristretto.vdev.uart.Pl011Model;

class Pl011Test {
  private static final long BASE = 0x900_0000;

  private final StringBuilder sent = new StringBuilder();
  private boolean blocked;
  private boolean irq;
  private final ByteSink sink =
      new ByteSink() {
        @Override
        public void put(int b) {
          sent.append((char) b);
        }

        @Override
        public boolean isReady() {
          return !blocked;
        }
      };
  private final Pl011Model model = new Pl011Model(level -> irq = level, sink);
  private final SimulatedMachine machine = new SimulatedMachine().map(BASE, 0x1000, model);
  private final Pl011 uart = new Pl011(new Mmio(BASE));

  @Test
  void sendsBytesInOrder() {
    machine.run(() -> {
      uart.start();
      uart.put('o');
      uart.put('k');
    });
    assertEquals("ok", sent.toString());
  }

  @Test
  void readsNothingFromAnEmptyFifo() {
    int received = machine.call(uart::poll);
    assertEquals(-1, received);
  }

  @Test
  void takesReceivedBytesAndClearsTheInterrupt() {
    machine.run(() -> {
      uart.start();
      uart.enableReceiveInterrupt();
    });
    model.receive('a');
    model.receive(0xff);
    assertTrue(irq);
    machine.run(() -> {
      uart.acknowledgeInterrupt();
      assertEquals('a', uart.poll());
      assertEquals(0xff, uart.poll());
      assertEquals(-1, uart.poll());
    });
    assertFalse(irq);
  }

  /** Who takes some of what is there is told of the rest. */
  @Test
  void keepsTheInterruptWhileSomethingIsLeft() {
    machine.run(() -> {
      uart.start();
      uart.enableReceiveInterrupt();
    });
    model.receive('a');
    assertTrue(irq);
    machine.run(uart::acknowledgeInterrupt);
    assertTrue(irq);
    machine.run(() -> assertEquals('a', uart.poll()));
    assertFalse(irq);
  }

  @Test
  void waitsForTheLine() {
    blocked = true;
    machine.clock().after(500_000, this::unblock);
    machine.run(() -> {
      uart.start();
      for (int i = 0; i < 40; i++) {
        uart.put('x');
      }
    });
    assertEquals(40, sent.length());
  }

  private void unblock() {
    blocked = false;
    model.sinkReady();
  }

  @Test
  void dropsBytesOnAStuckLineAfterOneWait() {
    blocked = true;
    machine.run(() -> {
      uart.start();
      for (int i = 0; i < 1000; i++) {
        uart.put('x');
      }
      long second = GenericTimer.frequency();
      assertTrue(SysReg.CNTPCT_EL0.read() < second / 10);
    });
    unblock();
    machine.run(() -> uart.put('y'));
    assertEquals("x".repeat(32) + "y", sent.toString());
  }
}
