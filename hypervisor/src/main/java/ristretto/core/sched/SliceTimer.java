package ristretto.core.sched;

import ristretto.core.cpu.Cpu;
import ristretto.core.time.Timer;

/** Ends the turn of the vCPU that runs. */
public final class SliceTimer extends Timer {
  /** The turn has an end already. Private to the CPU. */
  boolean runs;

  @Override
  public void fire() {
    runs = false;
    Scheduler.sliceEnded(Cpu.current());
  }
}
