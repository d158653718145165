package ristretto.core.uart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.Errno;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;
import ristretto.core.event.EventTeardown;
import ristretto.core.mm.Frames;
import ristretto.sim.Switching;

/** A guest's accesses to its UART, and a daemon at the rings that may do anything. */
class VirtualUartTest {
  private static final int DATA = 0x000;
  private static final int FLAGS = 0x018;
  private static final int MASK = 0x038;
  private static final int CLEAR = 0x044;
  private static final int RX_EMPTY = 0x10;
  private static final int TX_FULL = 0x20;
  private static final int BUSY = 0x08;
  private static final int RECEIVED = 0x50; // RX and receive timeout
  private static final int SENT = 0x20;

  /** What ring and FIFO hold together while the daemon takes nothing. */
  private static final int OUT_ROOM = 2048 + 32;

  /** Runs {@code body} with a domain that has a UART, and the daemon connected to it. */
  private void with(Consumer<ConsoleDaemon> body) {
    new EventMachine(1).run(m -> body.accept(new ConsoleDaemon(m)));
  }

  private static int read(ConsoleDaemon daemon, int offset) {
    return (int) daemon.uart.read(offset, 4);
  }

  private static void write(ConsoleDaemon daemon, int offset, int value) {
    daemon.uart.write(offset, 4, value);
  }

  private static void send(ConsoleDaemon daemon, String text) {
    for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
      write(daemon, DATA, b);
    }
  }

  private static String receive(ConsoleDaemon daemon) {
    StringBuilder text = new StringBuilder();
    while ((read(daemon, FLAGS) & RX_EMPTY) == 0) {
      text.append((char) read(daemon, DATA));
    }
    return text.toString();
  }

  @Test
  void whatTheGuestSendsReachesTheDaemon() {
    with(daemon -> {
      assertFalse(daemon.isTold());
      send(daemon, "hello");
      assertTrue(daemon.isTold());
      assertEquals("hello", daemon.take(100));
      assertEquals(0, read(daemon, FLAGS) & BUSY);
    });
  }

  @Test
  void whatTheDaemonSendsReachesTheGuest() {
    with(daemon -> {
      write(daemon, MASK, RECEIVED);
      assertFalse(daemon.isInterrupting());
      daemon.put("ls");
      assertEquals(RX_EMPTY, read(daemon, FLAGS) & RX_EMPTY, "the daemon has told nobody");
      daemon.tell();
      assertTrue(daemon.isInterrupting());
      assertTrue(daemon.isTold(), "of the room");
      assertEquals("ls", receive(daemon));
      assertFalse(daemon.isInterrupting());
    });
  }

  /** Bytes wait in the ring, then in the FIFO, then the guest is told to wait. */
  @Test
  void aFullRingStopsTheGuestAndLosesNothing() {
    with(daemon -> {
      write(daemon, MASK, SENT);
      for (int i = 0; i < OUT_ROOM; i++) {
        assertEquals(0, read(daemon, FLAGS) & TX_FULL, "byte " + i);
        write(daemon, DATA, 'a' + i % 26);
      }
      assertEquals(TX_FULL | BUSY, read(daemon, FLAGS) & (TX_FULL | BUSY));
      assertFalse(daemon.isInterrupting(), "nothing more to write");
      write(daemon, DATA, '!'); // it did not look: that byte is lost, as on hardware
      String first = daemon.take(2048);
      assertFalse(daemon.isInterrupting(), "until the daemon says so");
      daemon.tell();
      assertTrue(daemon.isInterrupting());
      assertEquals(0, read(daemon, FLAGS) & (TX_FULL | BUSY));
      String all = first + daemon.take(2048);
      assertEquals(OUT_ROOM, all.length());
      for (int i = 0; i < OUT_ROOM; i++) {
        assertEquals('a' + i % 26, all.charAt(i));
      }
    });
  }

  @Test
  void aGuestThatDoesNotReadStopsTheDaemon() {
    with(daemon -> {
      String text = "0123456789abcdef".repeat(64);
      daemon.put(text);
      daemon.tell();
      assertEquals(32, daemon.put("x".repeat(1024)), "as much as the FIFO has taken");
      assertEquals(text + "x".repeat(32), receive(daemon));
    });
  }

  @Test
  void aMaskedInterruptIsNotRaised() {
    with(daemon -> {
      daemon.put("a");
      daemon.tell();
      send(daemon, "b");
      assertFalse(daemon.isInterrupting());
      write(daemon, MASK, RECEIVED);
      assertTrue(daemon.isInterrupting());
      write(daemon, MASK, 0);
      assertFalse(daemon.isInterrupting());
      write(daemon, MASK, SENT);
      assertTrue(daemon.isInterrupting());
      write(daemon, CLEAR, SENT);
      assertFalse(daemon.isInterrupting());
    });
  }

  @Test
  void indexesThatCannotBeMeanNothing() {
    with(daemon -> {
      send(daemon, "a");
      int[] bad = {1025, 2048, 0x7fff_ffff, 0x8000_0000, -1, -1025};
      for (int distance : bad) {
        daemon.setInputProducer(daemon.inputConsumer() + distance);
        daemon.tell();
        assertEquals(RX_EMPTY, read(daemon, FLAGS) & RX_EMPTY, "input " + distance);
      }
      for (int distance : new int[] {1, 1000, 0x7fff_ffff, 0x8000_0000, -2048, -100_000}) {
        int produced = daemon.outputProducer();
        daemon.setOutputConsumer(produced + distance);
        send(daemon, "b");
        assertEquals(produced, daemon.outputProducer(), "output " + distance);
      }
      daemon.setOutputConsumer(daemon.outputProducer());
      daemon.setInputProducer(daemon.inputConsumer());
      daemon.put("c");
      daemon.tell();
      assertEquals("c", receive(daemon), "goes on when the daemon is itself again");
      assertEquals(0, read(daemon, FLAGS) & BUSY);
    });
  }

  /** The page is the guest's own memory, too. */
  @Test
  void ourOwnIndexesAreOnlyToldNeverRead() {
    with(daemon -> {
      send(daemon, "a");
      daemon.setOutputProducer(77);
      daemon.setInputConsumer(99);
      send(daemon, "b");
      assertEquals(2, daemon.outputProducer());
      assertEquals("ab", daemon.take(100));
      daemon.setInputProducer(0);
      daemon.putByte('c');
      daemon.tell();
      assertEquals("c", receive(daemon));
      assertEquals(1, daemon.inputConsumer());
    });
  }

  @Test
  void aReceiverThatIsOffLeavesBytesInTheRing() {
    with(daemon -> {
      write(daemon, 0x030, 0x101); // UARTCR without RXE
      daemon.put("abc");
      daemon.tell();
      assertEquals(0, daemon.inputConsumer());
      write(daemon, 0x030, 0x301);
      assertEquals("abc", receive(daemon));
    });
  }

  @Test
  void everyRegisterCanBeReadAndWrittenInEverySize() {
    with(daemon -> {
      Random random = new Random(3);
      for (int size = 1; size <= 8; size *= 2) {
        for (int offset = 0; offset < 0x1000; offset += size) {
          daemon.uart.write(offset, size, random.nextLong());
          long unused = daemon.uart.read(offset, size);
        }
      }
      assertEquals(0, HeldLocks.count(Cpu.current()));
    });
  }

  @Test
  void isOnlyForADomainWithItsInterruptAndOnce() {
    with(daemon -> {
      assertEquals(Errno.EINVAL, daemon.uart.start(EventMachine.gfn(8), 0), "a second one");
      Domain other = daemon.machine.domain(6, false, 1);
      other.vgic.reset(3, 32);
      assertEquals(Errno.EINVAL, other.uart.start(EventMachine.gfn(8), 0), "no SPI");
      other.vgic.reset(3, 64);
      assertEquals(Errno.EINVAL, other.uart.start(5, 0), "no page");
      assertEquals(Errno.EINVAL, other.uart.start(-1, 0));
      assertEquals(0, Frames.references(EventMachine.page(other, 8) >>> Frames.SHIFT));
      assertTrue(other.uart.start(EventMachine.gfn(8), 0) > 0);
    });
  }

  @Test
  void endsWithTheDomain() {
    with(daemon -> {
      send(daemon, "a");
      write(daemon, MASK, SENT);
      while (!EventTeardown.step(daemon.guest.events, 64)) {}
      daemon.uart.end();
      assertEquals(0, Frames.references(daemon.page() >>> Frames.SHIFT));
      daemon.put("late");
      daemon.tell();
      daemon.uart.signalled();
      assertEquals(0, daemon.inputConsumer());
      daemon.uart.end(); // and again, for a domain that has none
    });
  }

  /** Whatever goes in comes out, in order, at whichever pace the two sides work. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void bytesArriveInOrderUnderTheSeededScheduler(long seed) {
    EventMachine machine = new EventMachine(2);
    machine.machine.schedule(Switching.RANDOM, seed).stepLimit(4_000_000);
    ConsoleDaemon[] daemon = new ConsoleDaemon[1];
    machine.machine.run(() -> {
      machine.start();
      daemon[0] = new ConsoleDaemon(machine);
    });
    String down = text(seed, 300);
    String up = text(seed + 100, 2500);
    StringBuilder received = new StringBuilder();
    StringBuilder sent = new StringBuilder();
    machine.machine.runAll(
        () -> {
          Cpu cpu = EventMachine.enterCpu(0);
          int at = 0;
          while (at < down.length() || sent.length() < up.length()) {
            at += daemon[0].put(down.substring(at, Math.min(down.length(), at + 50)));
            sent.append(daemon[0].take(200));
            daemon[0].tell();
          }
          assertEquals(0, HeldLocks.count(cpu));
        },
        () -> {
          Cpu cpu = EventMachine.enterCpu(1);
          int at = 0;
          while (at < up.length() || received.length() < down.length()) {
            if (at < up.length() && (read(daemon[0], FLAGS) & TX_FULL) == 0) {
              write(daemon[0], DATA, up.charAt(at));
              at++;
            }
            received.append(receive(daemon[0]));
          }
          assertEquals(0, HeldLocks.count(cpu));
        });
    assertEquals(down, received.toString());
    assertEquals(up, sent.toString());
  }

  private static String text(long seed, int length) {
    return new Random(seed)
        .ints(length, ' ', '~')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
