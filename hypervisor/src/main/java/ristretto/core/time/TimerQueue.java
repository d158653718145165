package ristretto.core.time;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.machine.SysReg;

/**
 * The armed timers of one CPU, driven by the EL2 physical timer (CNTHP): one for the time slice and
 * one or two for each vCPU that sleeps here, so that there may be a thousand.
 */
public final class TimerQueue {
  /** CNTHP_CTL_EL2.ENABLE. */
  private static final long ENABLE = 1;

  private final SpinLock lock = new SpinLock(LockRank.TIMERS);
  private @Nullable Ordered first;

  /** Arms {@code timer} here at {@code deadline}, moving it if it is armed already. */
  public static void arm(Timer timer, long deadline) {
    cancel(timer);
    Cpu cpu = Cpu.current();
    TimerQueue queue = cpu.timers;
    queue.lock.lock();
    timer.cpu = cpu;
    timer.key = deadline;
    queue.first = Heap.add(queue.first, timer);
    if (queue.first == timer) {
      program(timer);
    }
    queue.lock.unlock();
  }

  /** Disarms {@code timer}, whatever CPU has it. It may be firing there at this moment. */
  public static void cancel(Timer timer) {
    Cpu cpu = timer.cpu;
    if (cpu == null) {
      return;
    }
    TimerQueue queue = cpu.timers;
    queue.lock.lock();
    if (timer.cpu == cpu) {
      queue.remove(timer);
    }
    queue.lock.unlock();
    // The comparator is left as it is: an early interrupt finds nothing due and programs it anew.
  }

  /** Runs what is due; called from the timer interrupt of this CPU. */
  public void expire() {
    while (true) {
      lock.lock();
      Ordered next = first;
      if (next == null || next.key - SysReg.CNTPCT_EL0.read() > 0) {
        program(next);
        lock.unlock();
        return;
      }
      Timer timer = (Timer) next;
      remove(timer);
      lock.unlock();
      timer.fire();
    }
  }

  private void remove(Timer timer) {
    first = first == null ? null : Heap.remove(first, timer);
    timer.cpu = null;
  }

  private static void program(@Nullable Ordered timer) {
    if (timer == null) {
      SysReg.CNTHP_CTL_EL2.write(0);
    } else {
      SysReg.CNTHP_CVAL_EL2.write(timer.key);
      SysReg.CNTHP_CTL_EL2.write(ENABLE);
    }
  }
}
