package ristretto.core.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.abi.TraceEvent;
import ristretto.driver.timer.GenericTimer;
import ristretto.machine.Memory;
import ristretto.sim.SimulatedMachine;

/** Records, as a tool that shares the buffer's page finds them. */
class TraceBufferTest {
  private static final long PAGE = 0x4000_0000L;
  private static final int SIZE = 4096 - 8;

  /** Of a record with five words. */
  private static final int TRAP_SIZE = 32;

  /** What a buffer that has been read to its end begins with. */
  private static final int FREQUENCY_SIZE = 20;

  private static void with(Consumer<TraceBuffer> body) {
    new SimulatedMachine(1)
        .ram(PAGE, 1 << 20)
        .run(() -> {
          GenericTimer.setFrequency(62_500_000);
          TraceBuffer buffer = new TraceBuffer();
          buffer.open(PAGE, 4096);
          body.accept(buffer);
        });
  }

  private static int produced() {
    return Memory.load32(PAGE + 4);
  }

  private static void consume(int offset) {
    Memory.store32(PAGE, offset);
  }

  private static int word(int offset) {
    return Memory.load32(PAGE + 8 + offset);
  }

  private static void trap(TraceBuffer buffer, int number) {
    buffer.put(TraceEvent.TRAP, 5, number | 2L << 32, 3 | 4L << 32, 5);
  }

  @Test
  void writesHeaderTimeAndWords() {
    with(buffer -> {
      trap(buffer, 1);
      assertEquals(FREQUENCY_SIZE + TRAP_SIZE, produced());
      assertEquals(0xa080_4003, word(0), "two words, with a time: the frequency");
      assertEquals(62_500_000, word(12));
      assertEquals(0xd080_4001, word(20));
      for (int i = 1; i <= 5; i++) {
        assertEquals(i, word(20 + 8 + 4 * i));
      }
      trap(buffer, 1);
      assertEquals(FREQUENCY_SIZE + 2 * TRAP_SIZE, produced(), "it is said once");
    });
  }

  @Test
  void aRecordLiesInOnePiece() {
    with(buffer -> {
      int before = 0;
      int written = 0;
      while (produced() >= before) {
        before = produced();
        consume(before);
        trap(buffer, written++);
      }
      assertTrue(produced() < SIZE, "twice around");
      assertTrue(written > 2 * SIZE / (TRAP_SIZE + FREQUENCY_SIZE) - 3);
    });
  }

  @Test
  void theRestOfTheBufferIsFilled() {
    with(buffer -> {
      trap(buffer, 0);
      while (SIZE - produced() >= TRAP_SIZE) {
        trap(buffer, 0);
      }
      int rest = SIZE - produced();
      int at = produced();
      consume(at - TRAP_SIZE);
      trap(buffer, 7);
      assertEquals(0x1f002 | (rest / 4 - 1) << 28, word(at));
      assertEquals(0xd080_4001, word(0));
      assertEquals(7, word(12));
      assertEquals(SIZE + TRAP_SIZE, produced());
    });
  }

  @Test
  void whatDidNotFitIsCounted() {
    with(buffer -> {
      for (int i = 0; i < 200; i++) {
        trap(buffer, i);
      }
      int kept = (SIZE - FREQUENCY_SIZE) / TRAP_SIZE;
      int full = produced();
      assertEquals(FREQUENCY_SIZE + kept * TRAP_SIZE, full);
      consume(full - TRAP_SIZE);
      trap(buffer, 200);
      assertEquals(0xc001_f001, word(0), "lost records");
      assertEquals(200 - kept, word(12));
      assertEquals(200, word(28 + 12));
      assertEquals(SIZE + 28 + TRAP_SIZE, produced());
    });
  }

  @Test
  void anOffsetThatIsNoneLosesRecordsAndNothingElse() {
    with(buffer -> {
      trap(buffer, 0);
      int before = produced();
      for (int offset :
          new int[] {-1, 2 * SIZE, Integer.MIN_VALUE, Integer.MAX_VALUE, SIZE, 1000}) {
        consume(offset);
        trap(buffer, 1);
        assertEquals(before, produced());
      }
      consume(0);
      trap(buffer, 2);
      assertTrue(produced() > before);
    });
  }

  @Test
  void isDueOnceWhenHalfFull() {
    with(buffer -> {
      while (produced() + TRAP_SIZE < SIZE / 2) {
        assertFalse(buffer.takeDue());
        trap(buffer, 0);
      }
      trap(buffer, 0);
      assertTrue(buffer.takeDue());
      assertFalse(buffer.takeDue());
      trap(buffer, 0);
      assertFalse(buffer.takeDue());
    });
  }

  @Test
  void withoutABufferNothingIsWritten() {
    with(unused -> {
      trap(new TraceBuffer(), 0);
      assertEquals(0, produced());
    });
  }

  @Test
  void aMaskLetsClassesAndSubclassesThrough() {
    assertTrue(TraceEvent.passes(TraceEvent.TRAP, TraceEvent.ALL));
    assertTrue(TraceEvent.passes(TraceEvent.SWITCH, 0x0002f000));
    assertFalse(TraceEvent.passes(TraceEvent.TRAP, 0x0002f000));
    assertTrue(TraceEvent.passes(TraceEvent.runstateChange(0, 2), 0x00021000));
    assertFalse(TraceEvent.passes(TraceEvent.SWITCH, 0x00021000), "another subclass");
    assertTrue(TraceEvent.passes(TraceEvent.TRAP, 0x00804000));
    assertEquals(0x21021, TraceEvent.runstateChange(0, 2));
  }
}
