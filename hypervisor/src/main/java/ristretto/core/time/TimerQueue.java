package ristretto.core.time;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.machine.SysReg;

/**
 * The armed timers of one CPU, earliest first, driven by the EL2 physical timer (CNTHP). The list
 * is short: a timer for the time slice, and at most one or two for each vCPU that sleeps here.
 */
public final class TimerQueue {
  /** CNTHP_CTL_EL2.ENABLE. */
  private static final long ENABLE = 1;

  private final SpinLock lock = new SpinLock(LockRank.TIMERS);
  private @Nullable Timer first;

  /** Arms {@code timer} here at {@code deadline}, moving it if it is armed already. */
  public static void arm(Timer timer, long deadline) {
    cancel(timer);
    Cpu cpu = Cpu.current();
    TimerQueue queue = cpu.timers;
    queue.lock.lock();
    timer.cpu = cpu;
    timer.deadline = deadline;
    queue.insert(timer);
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
      Timer timer = first;
      if (timer == null || timer.deadline - SysReg.CNTPCT_EL0.read() > 0) {
        program(timer);
        lock.unlock();
        return;
      }
      remove(timer);
      lock.unlock();
      timer.fire();
    }
  }

  private void insert(Timer timer) {
    Timer before = null;
    Timer after = first;
    while (after != null && after.deadline - timer.deadline <= 0) {
      before = after;
      after = after.next;
    }
    timer.next = after;
    if (before == null) {
      first = timer;
    } else {
      before.next = timer;
    }
  }

  private void remove(Timer timer) {
    Timer before = null;
    for (Timer at = first; at != null; at = at.next) {
      if (at == timer) {
        if (before == null) {
          first = timer.next;
        } else {
          before.next = timer.next;
        }
        break;
      }
      before = at;
    }
    timer.next = null;
    timer.cpu = null;
  }

  private static void program(@Nullable Timer timer) {
    if (timer == null) {
      SysReg.CNTHP_CTL_EL2.write(0);
    } else {
      SysReg.CNTHP_CVAL_EL2.write(timer.deadline);
      SysReg.CNTHP_CTL_EL2.write(ENABLE);
    }
  }
}
