package ristretto.vdev.uart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Pl011ModelTest {
  private static final int TXFE = 0x80;
  private static final int RXFF = 0x40;
  private static final int TXFF = 0x20;
  private static final int RXFE = 0x10;
  private static final int BUSY = 0x08;
  private static final int RX = 0x10;
  private static final int TX = 0x20;
  private static final int TIMEOUT = 0x40;
  private static final int OVERRUN = 0x400;

  private final FakeIrqLine irq = new FakeIrqLine();
  private final FakeSink sink = new FakeSink();
  private final Pl011Model uart = new Pl011Model(irq, sink);

  private int read(int offset) {
    return (int) uart.read(offset, 4);
  }

  private void write(int offset, int value) {
    uart.write(offset, 4, value);
  }

  private void enableWithFifos() {
    write(Pl011Model.UARTLCR_H, 0x70);
    write(Pl011Model.UARTCR, 0x301);
  }

  @Test
  void hasTheManualsResetValues() {
    assertEquals(TXFE | RXFE, read(Pl011Model.UARTFR));
    assertEquals(0x300, read(Pl011Model.UARTCR));
    assertEquals(0x12, read(Pl011Model.UARTIFLS));
    assertEquals(0, read(Pl011Model.UARTIMSC));
    assertEquals(0, read(Pl011Model.UARTRIS));
    assertFalse(irq.level);
  }

  @Test
  void identifiesItselfAsRevision1p5() {
    int[] expected = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], read(Pl011Model.UARTPERIPHID0 + 4 * i));
    }
  }

  @Test
  void sendsNothingWhileDisabled() {
    write(Pl011Model.UARTDR, 'a');
    assertEquals("", sink.text.toString());
    write(Pl011Model.UARTCR, 0x301);
    assertEquals("a", sink.text.toString());
  }

  @Test
  void keepsBytesWhileTheSinkIsBlocked() {
    enableWithFifos();
    sink.blocked = true;
    for (int i = 0; i < 32; i++) {
      assertEquals(0, read(Pl011Model.UARTFR) & TXFF);
      write(Pl011Model.UARTDR, 'a' + i % 26);
    }
    assertEquals(TXFF | BUSY, read(Pl011Model.UARTFR) & (TXFF | BUSY | TXFE));
    sink.blocked = false;
    uart.sinkReady();
    assertEquals(32, sink.text.length());
    assertEquals(TXFE, read(Pl011Model.UARTFR) & (TXFF | BUSY | TXFE));
    assertEquals(TX, read(Pl011Model.UARTRIS));
  }

  @Test
  void interruptsForReceivedBytesUntilTheyAreRead() {
    enableWithFifos();
    write(Pl011Model.UARTIMSC, RX | TIMEOUT);
    uart.receive('x');
    assertEquals(TIMEOUT, read(Pl011Model.UARTMIS));
    assertTrue(irq.level);
    for (int i = 1; i < 16; i++) {
      uart.receive('x');
    }
    assertEquals(RX | TIMEOUT, read(Pl011Model.UARTMIS));
    for (int i = 0; i < 16; i++) {
      assertTrue(irq.level);
      assertEquals('x', read(Pl011Model.UARTDR));
    }
    assertFalse(irq.level);
    assertEquals(RXFE, read(Pl011Model.UARTFR) & RXFE);
  }

  @Test
  void interruptsAtEachByteWithoutFifos() {
    write(Pl011Model.UARTCR, 0x301);
    write(Pl011Model.UARTIMSC, RX);
    uart.receive('x');
    assertTrue(irq.level);
    assertEquals(RXFF, read(Pl011Model.UARTFR) & RXFF);
    assertEquals('x', read(Pl011Model.UARTDR));
    assertFalse(irq.level);
  }

  @Test
  void marksTheCharacterAfterAnOverrun() {
    write(Pl011Model.UARTCR, 0x301);
    uart.receive('a');
    uart.receive('b');
    assertEquals(OVERRUN, read(Pl011Model.UARTRIS) & OVERRUN);
    assertEquals('a', read(Pl011Model.UARTDR));
    uart.receive('c');
    assertEquals('c' | 1 << 11, read(Pl011Model.UARTDR));
    assertEquals(8, read(Pl011Model.UARTRSR));
    write(Pl011Model.UARTRSR, 0);
    assertEquals(0, read(Pl011Model.UARTRSR));
  }

  @Test
  void clearsInterruptsOnRequest() {
    enableWithFifos();
    write(Pl011Model.UARTIMSC, TX);
    write(Pl011Model.UARTDR, 'a');
    assertTrue(irq.level);
    write(Pl011Model.UARTICR, TX);
    assertFalse(irq.level);
  }

  @Test
  void loopsBack() {
    write(Pl011Model.UARTCR, 0x381);
    write(Pl011Model.UARTDR, 'l');
    assertEquals('l', read(Pl011Model.UARTDR));
    assertEquals("", sink.text.toString());
  }

  /** Whatever a guest writes: no exception, and the line is what the registers say. */
  @Test
  void survivesAnyAccessSequence() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      for (int i = 0; i < 5000; i++) {
        int size = 1 << random.nextInt(4);
        int offset = (random.nextInt(random.nextBoolean() ? 0x4c : 0x1000) & -size);
        switch (random.nextInt(4)) {
          case 0 -> uart.write(offset, size, random.nextLong());
          case 1 -> uart.receive(random.nextInt());
          case 2 -> {
            sink.blocked = random.nextBoolean();
            uart.sinkReady();
          }
          default -> uart.read(offset, size);
        }
        assertEquals(read(Pl011Model.UARTMIS) != 0, irq.level, "seed " + seed + " step " + i);
        int flags = read(Pl011Model.UARTFR);
        assertFalse((flags & TXFE) != 0 && (flags & TXFF) != 0);
        assertFalse((flags & RXFE) != 0 && (flags & RXFF) != 0);
      }
    }
  }

  /** A driver that is told of TX writes half a FIFO without looking at UARTFR. */
  @Test
  void txIsNoLongerRaisedOnceTheFifoIsFuller() {
    enableWithFifos();
    write(Pl011Model.UARTDR, 'a');
    assertEquals(TX, read(Pl011Model.UARTRIS));
    sink.blocked = true;
    for (int i = 0; i < 16; i++) {
      write(Pl011Model.UARTDR, 'b');
      assertEquals(TX, read(Pl011Model.UARTRIS), "at or below half");
    }
    write(Pl011Model.UARTDR, 'c');
    assertEquals(0, read(Pl011Model.UARTRIS));
    sink.blocked = false;
    uart.sinkReady();
    assertEquals(TX, read(Pl011Model.UARTRIS));
  }

  @Test
  void firmwareLeavesItReadyForADriverThatConfiguresNothing() {
    uart.resetConfigured();
    assertEquals(TXFE | RXFE, read(Pl011Model.UARTFR));
    write(Pl011Model.UARTDR, 'a');
    assertEquals("a", sink.text.toString());
    for (int i = 0; i < 32; i++) {
      assertTrue(uart.canReceive());
      uart.receive('b');
    }
    assertFalse(uart.canReceive());
    assertEquals(RXFF, read(Pl011Model.UARTFR) & (RXFF | RXFE));
  }

  @Test
  void keepsNothingOverAReset() {
    enableWithFifos();
    write(Pl011Model.UARTIMSC, 0x7ff);
    sink.blocked = true;
    for (int i = 0; i < 33; i++) {
      write(Pl011Model.UARTDR, 'a');
      uart.receive('b');
    }
    assertTrue(irq.level);
    uart.reset();
    assertFalse(irq.level);
    Pl011Model fresh = new Pl011Model(new FakeIrqLine(), new FakeSink());
    for (int offset = 0; offset < 0x1000; offset += 4) {
      assertEquals(fresh.read(offset, 4), uart.read(offset, 4), "offset " + offset);
    }
    sink.blocked = false;
    enableWithFifos();
    assertEquals("", sink.text.toString());
    assertEquals(0, read(Pl011Model.UARTDR), "nor an overrun");
  }

  @Test
  void keepsNoByteWhileTheReceiverIsOff() {
    enableWithFifos();
    write(Pl011Model.UARTCR, 0x101);
    assertFalse(uart.canReceive());
    write(Pl011Model.UARTCR, 0x301);
    assertTrue(uart.canReceive());
  }
}
