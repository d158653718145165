package ristretto.vdev.uart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Ns16550ModelTest {
  private static final int DLAB = 0x80;
  private static final int LINE = 0x03;

  private final FakeIrqLine irq = new FakeIrqLine();
  private final FakeSink sink = new FakeSink();
  private final Ns16550Model uart = new Ns16550Model(irq, sink, 2, true);

  private int read(int register) {
    return (int) uart.read(register << 2, 4);
  }

  private void write(int register, int value) {
    uart.write(register << 2, 4, value);
  }

  @Test
  void sendsAndIsEmptyAgain() {
    write(Ns16550Model.RBR, 'o');
    write(Ns16550Model.RBR, 'k');
    assertEquals("ok", sink.text.toString());
    assertEquals(0x60, read(Ns16550Model.LSR));
  }

  @Test
  void reachesTheDivisorOnlyBehindDlab() {
    write(Ns16550Model.LCR, DLAB | LINE);
    write(Ns16550Model.RBR, 0x36);
    write(Ns16550Model.IER, 0x12);
    assertEquals(0x36, read(Ns16550Model.RBR));
    assertEquals(0x12, read(Ns16550Model.IER));
    write(Ns16550Model.LCR, LINE);
    assertEquals(0, read(Ns16550Model.IER));
    assertEquals("", sink.text.toString());
  }

  @Test
  void interruptsForReceivedBytes() {
    write(Ns16550Model.IER, 1);
    assertEquals(1, read(Ns16550Model.IIR));
    uart.receive('x');
    assertTrue(irq.level);
    assertEquals(4, read(Ns16550Model.IIR));
    assertEquals('x', read(Ns16550Model.RBR));
    assertFalse(irq.level);
  }

  @Test
  void distinguishesTheTriggerLevelFromTheTimeout() {
    write(Ns16550Model.IIR, 0x81); // FIFOs on, trigger at 8
    write(Ns16550Model.IER, 1);
    uart.receive('x');
    assertEquals(0xcc, read(Ns16550Model.IIR));
    for (int i = 1; i < 8; i++) {
      uart.receive('x');
    }
    assertEquals(0xc4, read(Ns16550Model.IIR));
  }

  @Test
  void reportsTransmitterEmptyOnce() {
    write(Ns16550Model.IER, 2);
    assertTrue(irq.level);
    assertEquals(2, read(Ns16550Model.IIR));
    assertEquals(1, read(Ns16550Model.IIR));
    assertFalse(irq.level);
    write(Ns16550Model.RBR, 'a');
    assertEquals(2, read(Ns16550Model.IIR));
  }

  @Test
  void reportsAnOverrunOnce() {
    uart.receive('a');
    uart.receive('b');
    assertEquals(0x63, read(Ns16550Model.LSR));
    assertEquals(0x61, read(Ns16550Model.LSR));
  }

  @Test
  void ignoresLineControlWhileBusyAndSaysSo() {
    write(Ns16550Model.LCR, LINE);
    uart.receive('x');
    write(Ns16550Model.LCR, DLAB);
    assertEquals(LINE, read(Ns16550Model.LCR));
    assertTrue(irq.level);
    assertEquals(7, read(Ns16550Model.IIR));
    assertEquals(1, read(Ns16550Model.USR) & 1);
    assertFalse(irq.level);
    assertEquals('x', read(Ns16550Model.RBR));
    write(Ns16550Model.LCR, DLAB);
    assertEquals(DLAB, read(Ns16550Model.LCR));
  }

  @Test
  void isAPlain16550WithoutDesignWare() {
    Ns16550Model plain = new Ns16550Model(irq, sink, 0, false);
    plain.receive('x');
    plain.write(Ns16550Model.LCR, 1, DLAB);
    assertEquals(DLAB, plain.read(Ns16550Model.LCR, 1));
    assertEquals(0, plain.read(Ns16550Model.CTR, 1));
  }

  @Test
  void namesItsComponent() {
    assertEquals(0x4457_0110, read(Ns16550Model.CTR));
  }

  @Test
  void loopsBack() {
    write(Ns16550Model.MCR, 0x1b);
    write(Ns16550Model.RBR, 'l');
    assertEquals('l', read(Ns16550Model.RBR));
    assertEquals(0xb0, read(Ns16550Model.MSR));
    assertEquals("", sink.text.toString());
  }

  /** Whatever a guest writes: no exception, and the line is what IIR says. */
  @Test
  void survivesAnyAccessSequence() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      for (int i = 0; i < 5000; i++) {
        int size = 1 << random.nextInt(4);
        int offset = random.nextInt(0x100) & -size;
        switch (random.nextInt(4)) {
          case 0 -> uart.write(offset, size, random.nextLong());
          case 1 -> uart.receive(random.nextInt());
          case 2 -> {
            sink.blocked = random.nextBoolean();
            uart.sinkReady();
          }
          default -> uart.read(offset, size);
        }
        boolean level = irq.level;
        assertEquals(level, (read(Ns16550Model.IIR) & 0xf) != 1, "seed " + seed + " step " + i);
      }
    }
  }
}
