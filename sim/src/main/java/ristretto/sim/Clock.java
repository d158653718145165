package ristretto.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Simulated time in ticks of the system counter. It moves only when a CPU takes a step or all
 * sleep.
 */
public final class Clock {
  private static final long NEVER = Long.MAX_VALUE;

  private final List<Alarm> alarms = new ArrayList<>();
  private long now;
  private long nextDue = NEVER;
  private boolean firing;

  Clock() {}

  /** Ticks since reset. */
  public long now() {
    return now;
  }

  /** A new alarm, not set. Its action runs on whichever CPU lets the time pass. */
  public Alarm alarm(Runnable action) {
    return add(action, false);
  }

  private Alarm add(Runnable action, boolean once) {
    Alarm alarm = new Alarm(action, once);
    alarms.add(alarm);
    return alarm;
  }

  /** Runs {@code action} once, {@code ticks} from now: a key pressed, a packet received. */
  public void after(long ticks, Runnable action) {
    add(action, true).set(now + ticks);
  }

  /** How many alarms each change of one has to look at. */
  int alarms() {
    return alarms.size();
  }

  void advance(long ticks) {
    now += ticks;
    if (now >= nextDue && !firing) {
      fire();
    }
  }

  /** All CPUs sleep: time passes until something happens. False when nothing ever will. */
  boolean skipToNextAlarm() {
    if (nextDue == NEVER) {
      return false;
    }
    now = Math.max(now, nextDue);
    fire();
    return true;
  }

  private void fire() {
    firing = true;
    try {
      for (int i = 0; i < alarms.size(); i++) {
        Alarm alarm = alarms.get(i);
        if (alarm.due <= now) {
          alarm.due = NEVER;
          alarm.action.run();
        }
      }
    } finally {
      firing = false;
      alarms.removeIf(Alarm::isOver);
      findNext();
    }
  }

  private void findNext() {
    nextDue = NEVER;
    for (int i = 0; i < alarms.size(); i++) {
      nextDue = Math.min(nextDue, alarms.get(i).due);
    }
  }

  /** Something that happens at one point in time; may be set again. */
  public final class Alarm {
    private final Runnable action;
    private final boolean once;
    private long due = NEVER;

    private Alarm(Runnable action, boolean once) {
      this.action = action;
      this.once = once;
    }

    private boolean isOver() {
      return once && due == NEVER;
    }

    /** Sets the tick at which the action runs; a negative one (beyond 2^63) never comes. */
    public void set(long tick) {
      due = tick < 0 ? NEVER : tick;
      findNext();
    }

    public void cancel() {
      due = NEVER;
      findNext();
    }
  }
}
