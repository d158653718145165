package ristretto.core.interrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.core.cpu.Cpu;

class InterruptsTest {
  private static final int SPI = 40;

  /** What the fault handler cuts short, seen from here. */
  private static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Fails the first time, as a handler with a mistake does. */
  private static final class FailingHandler extends InterruptHandler {
    private int calls;

    @Override
    public void handle(int intid) {
      calls++;
      if (calls == 1) {
        throw new Fault();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anInterruptWhoseHandlerFailedIsEndedAndComesAgain(int version) {
    GicBench bench = new GicBench(version, 1, 4);
    bench.run(cpu -> {
      FailingHandler handler = new FailingHandler();
      Interrupts.route(SPI, true, handler);
      pulse(bench);
      assertTrue(fails());
      pulse(bench);
      assertFalse(bench.machine.cpu(0).interruptPending(), "the first one is active still");
      Interrupts.abandon(cpu);
      assertEquals(Cpu.NO_INTERRUPT, cpu.servedInterrupt);
      bench.takeInterrupts();
      assertEquals(2, handler.calls);
      pulse(bench);
      bench.takeInterrupts();
      assertEquals(3, handler.calls);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void nothingIsEndedWhereNoHandlerRan(int version) {
    GicBench bench = new GicBench(version, 1, 4);
    bench.run(cpu -> {
      FailingHandler handler = new FailingHandler();
      handler.calls = 1;
      Interrupts.route(SPI, true, handler);
      pulse(bench);
      bench.takeInterrupts();
      Interrupts.abandon(cpu);
      pulse(bench);
      bench.takeInterrupts();
      assertEquals(3, handler.calls);
    });
  }

  private static boolean fails() {
    try {
      Interrupts.handlePending();
      return false;
    } catch (Fault e) {
      return true;
    }
  }

  private static void pulse(GicBench bench) {
    bench.gic.setLine(SPI, true);
    bench.gic.setLine(SPI, false);
  }
}
