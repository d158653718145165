package ristretto.core.time;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;

/**
 * Something to do at a time. A timer lives in the queue of one CPU; {@link #fire} runs there, from
 * the timer interrupt, with no lock held. Times are ticks of CNTPCT_EL0; the key is the deadline.
 */
public abstract class Timer extends Ordered {
  /** CPU in whose queue it is, or null. Guarded by that CPU's queue lock. */
  @Nullable Cpu cpu;

  /** Called once per arming, at or after the deadline. */
  public abstract void fire();
}
