package ristretto.core.sched;

import ristretto.core.cpu.Cpu;
import ristretto.core.time.Timer;
import ristretto.core.time.TimerQueue;

/** Ends the turn of the vCPU that runs. Private to the CPU. */
public final class SliceTimer extends Timer {
  private boolean runs;
  private long end;

  /**
   * This CPU chooses again at {@code time}, or earlier if that was asked for before: choosing once
   * too often costs less than setting the timer for each vCPU.
   */
  void chooseBy(long time) {
    if (!runs || time - end < 0) {
      runs = true;
      end = time;
      TimerQueue.arm(this, time);
    }
  }

  @Override
  public void fire() {
    runs = false;
    Cpu.current().askToReschedule();
  }
}
