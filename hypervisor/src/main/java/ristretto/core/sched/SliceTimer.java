package ristretto.core.sched;

import ristretto.core.cpu.Cpu;
import ristretto.core.time.Timer;

/** Ends the turn of the vCPU that runs. */
public final class SliceTimer extends Timer {
  @Override
  public void fire() {
    Scheduler.sliceEnded(Cpu.current());
  }
}
