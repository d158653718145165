package ristretto.core.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import ristretto.core.cpu.Cpu;
import ristretto.machine.CpuLocal;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedMachine;

class TimerQueueTest {
  private final List<Integer> fired = new ArrayList<>();
  private final SimulatedMachine machine =
      new SimulatedMachine().ram(0x4000_0000, 1 << 20).image(0x4000_0000, 1 << 20);

  @Test
  void firesInTheOrderOfTheDeadlines() {
    onCpu(cpu -> {
      long now = SysReg.CNTPCT_EL0.read();
      TimerQueue.arm(new Numbered(2), now + 20);
      TimerQueue.arm(new Numbered(1), now + 10);
      TimerQueue.arm(new Numbered(3), now + 30);
      waitUntil(now + 100);
      cpu.timers.expire();
    });
    assertEquals(List.of(1, 2, 3), fired);
  }

  @Test
  void firesNothingEarlyAndProgramsTheComparatorForTheRest() {
    onCpu(cpu -> {
      long later = SysReg.CNTPCT_EL0.read() + 1_000_000;
      TimerQueue.arm(new Numbered(1), later);
      cpu.timers.expire();
      assertEquals(later, SysReg.CNTHP_CVAL_EL2.read());
      assertEquals(1, SysReg.CNTHP_CTL_EL2.read() & 1);
    });
    assertEquals(List.of(), fired);
  }

  @Test
  void aCancelledTimerDoesNotFireAndARearmedOneFiresOnce() {
    onCpu(cpu -> {
      long now = SysReg.CNTPCT_EL0.read();
      Timer cancelled = new Numbered(1);
      Timer moved = new Numbered(2);
      TimerQueue.arm(cancelled, now + 10);
      TimerQueue.arm(moved, now + 10);
      TimerQueue.cancel(cancelled);
      TimerQueue.arm(moved, now + 20);
      waitUntil(now + 100);
      cpu.timers.expire();
      cpu.timers.expire();
    });
    assertEquals(List.of(2), fired);
  }

  @Test
  void behavesLikeASortedListUnderRandomUse() {
    long seed = Long.getLong("ristretto.seed", System.nanoTime());
    Random random = new Random(seed);
    onCpu(cpu -> {
      long now = SysReg.CNTPCT_EL0.read();
      List<Long> deadlines = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        long deadline = now + 1 + random.nextInt(1000);
        deadlines.add(deadline);
        TimerQueue.arm(new Numbered((int) (deadline - now)), deadline);
      }
      waitUntil(now + 2000);
      cpu.timers.expire();
      List<Integer> expected =
          deadlines.stream().sorted().map(deadline -> (int) (deadline - now)).toList();
      assertEquals(expected, fired, "seed " + seed);
    });
  }

  @Test
  void whatIsArmedMovedAndCancelledFiresAsInAPriorityQueue() {
    long seed = Long.getLong("ristretto.seed", System.nanoTime());
    Random random = new Random(seed);
    onCpu(cpu -> {
      long base = SysReg.CNTPCT_EL0.read() + 1_000_000_000;
      Timer[] timers = new Timer[512];
      Map<Timer, Long> armed = new HashMap<>();
      for (int i = 0; i < timers.length; i++) {
        timers[i] = new Numbered(i);
      }
      for (int step = 0; step < 5000; step++) {
        Timer timer = timers[random.nextInt(timers.length)];
        if (random.nextInt(4) == 0) {
          TimerQueue.cancel(timer);
          armed.remove(timer);
        } else {
          long deadline = base + random.nextInt(1_000_000_000);
          TimerQueue.arm(timer, deadline);
          armed.put(timer, deadline);
        }
      }
      PriorityQueue<Long> expected = new PriorityQueue<>(armed.values());
      cpu.timers.expire();
      assertEquals(expected.peek(), SysReg.CNTHP_CVAL_EL2.read(), "seed " + seed);
      assertEquals(List.of(), fired);
      while (!expected.isEmpty()) {
        long next = expected.remove();
        SysReg.CNTHP_CTL_EL2.write(0);
        TimerQueue.cancel(armedAt(armed, next));
        cpu.timers.expire();
        boolean more = !expected.isEmpty();
        assertEquals(more ? 1 : 0, SysReg.CNTHP_CTL_EL2.read() & 1, "seed " + seed);
        if (more) {
          assertEquals(expected.peek(), SysReg.CNTHP_CVAL_EL2.read(), "seed " + seed);
        }
      }
    });
  }

  private static Timer armedAt(Map<Timer, Long> armed, long deadline) {
    for (Map.Entry<Timer, Long> entry : armed.entrySet()) {
      if (entry.getValue() == deadline && entry.getKey().cpu != null) {
        return entry.getKey();
      }
    }
    throw new AssertionError();
  }

  private static void waitUntil(long time) {
    while (SysReg.CNTPCT_EL0.read() < time) {
      Thread.onSpinWait();
    }
  }

  private void onCpu(java.util.function.Consumer<Cpu> body) {
    machine.run(() -> {
      Cpu cpu = new Cpu(0, 0, 0, 0);
      CpuLocal.set(cpu);
      body.accept(cpu);
    });
  }

  private final class Numbered extends Timer {
    private final int number;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    public void fire() {
      fired.add(number);
    }
  }
}
