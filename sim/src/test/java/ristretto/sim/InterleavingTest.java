package ristretto.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ristretto.machine.Firmware;
import ristretto.machine.Hint;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

class InterleavingTest {
  private static final long RAM = 0x4000_0000L;
  private static final long COUNTER = RAM;
  private static final long NEXT_TICKET = RAM + 8;
  private static final long NOW_SERVING = RAM + 16;
  private static final int ROUNDS = 20;

  @Test
  void aRacyCounterLosesUpdatesUnderSomeSeed() {
    int wrong = 0;
    for (long seed = 0; seed < 20; seed++) {
      wrong +=
          count(Switching.RANDOM, seed, InterleavingTest::incrementRacily) < 3 * ROUNDS ? 1 : 0;
    }
    assertTrue(wrong > 0);
  }

  @Test
  void aTicketLockNeverLosesUpdates() {
    for (long seed = 0; seed < 50; seed++) {
      assertEquals(
          3 * ROUNDS,
          count(Switching.RANDOM, seed, InterleavingTest::incrementLocked),
          "seed " + seed);
    }
  }

  @ParameterizedTest
  @EnumSource(Switching.class)
  void everyPolicyLetsEveryCpuFinish(Switching switching) {
    assertEquals(3 * ROUNDS, count(switching, 1, InterleavingTest::incrementLocked));
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    for (long seed = 0; seed < 5; seed++) {
      long first = count(Switching.RANDOM, seed, InterleavingTest::incrementRacily);
      assertEquals(first, count(Switching.RANDOM, seed, InterleavingTest::incrementRacily));
    }
  }

  private static long count(Switching switching, long seed, Runnable increment) {
    SimulatedMachine machine = new SimulatedMachine(3).ram(RAM, 1 << 18).schedule(switching, seed);
    Runnable body =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            increment.run();
          }
        };
    machine.runAll(body, body, body);
    return machine.call(() -> Memory.load64(COUNTER));
  }

  private static void incrementRacily() {
    Memory.store64(COUNTER, Memory.load64(COUNTER) + 1);
  }

  private static void incrementLocked() {
    int ticket = Memory.load32(NEXT_TICKET);
    while (true) {
      int was = Memory.compareAndExchange32(NEXT_TICKET, ticket, ticket + 1);
      if (was == ticket) {
        break;
      }
      ticket = was;
    }
    while (Memory.load32Acquire(NOW_SERVING) != ticket) {
      Hint.spin();
    }
    incrementRacily();
    Memory.store32Release(NOW_SERVING, ticket + 1);
  }

  @Test
  void firmwareStartsAndStopsCpus() {
    SimulatedMachine machine =
        new SimulatedMachine(2)
            .ram(RAM, 1 << 18)
            .entry(
                0x4020_0000L,
                context -> {
                  Memory.store64(RAM + 0x800, context + SysReg.MPIDR_EL1.read());
                  call(RAM + 0x400, 0x8400_0002L, 0, 0, 0);
                });
    machine.run(() -> {
      assertEquals(1, call(RAM, 0xc400_0004L, 1, 0, 0));
      assertEquals(-2, call(RAM, 0xc400_0003L, 7, 0x4020_0000L, 5));
      assertEquals(0, call(RAM, 0xc400_0003L, 1, 0x4020_0000L, 5));
      while (call(RAM, 0xc400_0004L, 1, 0, 0) == 0) {
        Hint.spin();
      }
      assertEquals(5 + (1L << 31) + 1, Memory.load64(RAM + 0x800));
    });
  }

  private static long call(long block, long function, long x1, long x2, long x3) {
    Memory.store64(block, function);
    Memory.store64(block + 8, x1);
    Memory.store64(block + 16, x2);
    Memory.store64(block + 24, x3);
    Firmware.call(block);
    return Memory.load64(block);
  }

  @Test
  void aSleeperIsWokenByAnotherCpu() {
    SimulatedMachine machine = new SimulatedMachine(2).ram(RAM, 1 << 18);
    machine.runAll(
        () -> {
          Hint.waitForInterrupt();
          assertEquals(1, Memory.load32(RAM));
        },
        () -> {
          Memory.store32(RAM, 1);
          machine.cpu(0).set(true);
        });
  }

  @Test
  void aDeadlockNamesEveryCpu() {
    SimulatedMachine machine = new SimulatedMachine(2);
    SimulationError error =
        assertThrows(
            SimulationError.class,
            () -> machine.runAll(Hint::waitForInterrupt, Hint::waitForInterrupt));
    assertTrue(error.getMessage().contains("cpu 0"), error.getMessage());
    assertTrue(error.getMessage().contains("cpu 1"), error.getMessage());
  }

  @Test
  void aFailureOnAnotherCpuEndsTheRun() {
    SimulatedMachine machine = new SimulatedMachine(2).ram(RAM, 1 << 18);
    assertThrows(
        AssertionError.class,
        () ->
            machine.runAll(
                () -> {
                  while (Memory.load32(RAM) == 0) {
                    Hint.spin();
                  }
                },
                () -> {
                  throw new AssertionError("cpu 1 is unhappy");
                }));
  }
}
