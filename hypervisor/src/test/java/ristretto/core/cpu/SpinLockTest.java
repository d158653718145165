package ristretto.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.machine.CpuLocal;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.Switching;

class SpinLockTest {
  private static final long COUNTER = 0x4000_0000L;
  private static final int ROUNDS = 20;

  private static SimulatedMachine machine(int cpus) {
    return new SimulatedMachine(cpus)
        .ram(COUNTER, 1 << 18)
        .symbol(ImageSymbol.CPU_STACKS, ImageSymbol.LINK_BASE);
  }

  private static void becomeCpu(int index) {
    CpuLocal.set(new Cpu(index, index, CpuStacks.top(index), 0));
  }

  @Test
  void losesNoUpdate() {
    for (long seed = 0; seed < 20; seed++) {
      SpinLock lock = new SpinLock(LockRank.P2M);
      SimulatedMachine machine = machine(3).schedule(Switching.RANDOM, seed);
      Runnable[] bodies = new Runnable[3];
      for (int cpu = 0; cpu < 3; cpu++) {
        int index = cpu;
        bodies[cpu] =
            () -> {
              becomeCpu(index);
              for (int i = 0; i < ROUNDS; i++) {
                lock.lock();
                Memory.store64(COUNTER, Memory.load64(COUNTER) + 1);
                lock.unlock();
              }
            };
      }
      machine.runAll(bodies);
      assertEquals(3 * ROUNDS, machine.call(() -> Memory.load64(COUNTER)), "seed " + seed);
      assertFalse(lock.isHeld());
    }
  }

  @Test
  void refusesAnEarlierRankAndItself() {
    SpinLock p2m = new SpinLock(LockRank.P2M);
    SpinLock domain = new SpinLock(LockRank.DOMAIN);
    machine(1)
        .run(() -> {
          becomeCpu(0);
          p2m.lock();
          assertThrows(AssertionError.class, domain::lock);
          assertThrows(AssertionError.class, p2m::lock);
          p2m.unlock();
          domain.lock();
          p2m.lock();
          domain.unlock();
          p2m.unlock();
          assertEquals(0, HeldLocks.count(Cpu.current()));
        });
  }

  @Test
  void containmentReleasesEverything() {
    SpinLock p2m = new SpinLock(LockRank.P2M);
    SpinLock frames = new SpinLock(LockRank.FRAMES);
    machine(1)
        .run(() -> {
          becomeCpu(0);
          p2m.lock();
          frames.lock();
          HeldLocks.releaseAll(Cpu.current());
          assertEquals(0, HeldLocks.count(Cpu.current()));
        });
    assertFalse(p2m.isHeld());
    assertFalse(frames.isHeld());
  }

  @Test
  void tryLockIsFreeOfTheOrderBecauseItNeverWaits() {
    SpinLock p2m = new SpinLock(LockRank.P2M);
    SpinLock domain = new SpinLock(LockRank.DOMAIN);
    machine(1)
        .run(() -> {
          becomeCpu(0);
          p2m.lock();
          assertTrue(domain.tryLock());
          assertFalse(p2m.tryLock(), "held by itself");
          assertEquals(2, HeldLocks.count(Cpu.current()));
          p2m.unlock();
          domain.unlock();
          assertEquals(0, HeldLocks.count(Cpu.current()));
        });
  }

  @Test
  void tryLockTakesOnlyAFreeLock() {
    SpinLock lock = new SpinLock(LockRank.CONSOLE);
    machine(1)
        .run(() -> {
          assertTrue(lock.tryLock());
          assertFalse(lock.tryLock());
          lock.unlock();
          assertTrue(lock.tryLock());
        });
  }
}
