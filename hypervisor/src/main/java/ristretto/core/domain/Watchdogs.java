package ristretto.core.domain;

import ristretto.abi.Errno;
import ristretto.core.console.Log;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.time.Timer;
import ristretto.core.time.TimerQueue;
import ristretto.driver.timer.GenericTimer;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * SCHEDOP_watchdog: a domain asks to be shut down, for the reason "watchdog", unless it asks again
 * in time. Linux's xen_wdt and xenwatchdogd do. {@code xen/include/public/sched.h}.
 *
 * <p>The lock is held while an expired one shuts the domain down, so that a domain's end waits for
 * it and the next one to live in the object is not meant.
 */
@Cold
public final class Watchdogs {
  /** As many as Xen gives a domain. */
  private static final int COUNT = 2;

  private final Domain domain;
  private final SpinLock lock;
  private final Watchdog[] watchdogs = new Watchdog[COUNT];

  @BootOnly
  Watchdogs(Domain domain) {
    this.domain = domain;
    this.lock = new SpinLock(LockRank.DOMAIN, domain);
    for (int i = 0; i < COUNT; i++) {
      watchdogs[i] = new Watchdog(this, i + 1);
    }
  }

  /**
   * A new one.
   *
   * @param seconds unsigned
   * @return its number, from 1, or ENOSPC if there are as many as there may be
   */
  public long start(int seconds) {
    long result = Errno.ENOSPC;
    lock.lock();
    for (int i = 0; i < COUNT && result < 0; i++) {
      if (!watchdogs[i].armed) {
        watchdogs[i].arm(seconds);
        result = i + 1L;
      }
    }
    lock.unlock();
    return result;
  }

  /**
   * Begins the time of one anew, or ends it.
   *
   * @param number unsigned
   * @param seconds unsigned; 0 ends it
   * @return 0, or EINVAL for one that was not started
   */
  public long renew(int number, int seconds) {
    if (Integer.compareUnsigned(number - 1, COUNT) >= 0) {
      return Errno.EINVAL;
    }
    Watchdog watchdog = watchdogs[number - 1];
    long result = Errno.EINVAL;
    lock.lock();
    if (watchdog.armed) {
      result = Errno.OK;
      if (seconds == 0) {
        watchdog.disarm();
      } else {
        watchdog.arm(seconds);
      }
    }
    lock.unlock();
    return result;
  }

  /** The domain ends. */
  void end() {
    lock.lock();
    for (Watchdog watchdog : watchdogs) {
      watchdog.disarm();
    }
    lock.unlock();
  }

  private void expired(Watchdog watchdog) {
    lock.lock();
    if (watchdog.isOver()) {
      watchdog.armed = false;
      if (domain.shutdownReason() == ShutdownReason.NONE) {
        Log.warn()
            .text("domain ")
            .dec(domain.id)
            .text(": watchdog ")
            .dec(watchdog.number)
            .text(" fired")
            .end();
        domain.shutdown(ShutdownReason.WATCHDOG);
      }
    }
    lock.unlock();
  }

  /** Guarded by the lock of its domain's watchdogs. */
  private static final class Watchdog extends Timer {
    private final Watchdogs owner;
    private final int number;
    private boolean armed;

    /** Tick of CNTPCT_EL0. */
    private long over;

    @BootOnly
    Watchdog(Watchdogs owner, int number) {
      this.owner = owner;
      this.number = number;
    }

    void arm(int seconds) {
      armed = true;
      over = SysReg.CNTPCT_EL0.read() + Integer.toUnsignedLong(seconds) * GenericTimer.frequency();
      TimerQueue.arm(this, over);
    }

    void disarm() {
      armed = false;
      TimerQueue.cancel(this);
    }

    /** Not if it was renewed after its timer had left the queue. */
    boolean isOver() {
      return armed && SysReg.CNTPCT_EL0.read() - over >= 0;
    }

    @Override
    public void fire() {
      owner.expired(this);
    }
  }
}
