package ristretto.core.time;

import ristretto.abi.SharedInfo;
import ristretto.core.console.Log;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.lang.Bits;
import ristretto.machine.Barrier;
import ristretto.machine.Memory;

/**
 * The time of day: what it was when system time was 0. Dom0 sets it (XENPF_settime64); every domain
 * reads it from its shared info page, guarded there by a version that is odd during a change.
 */
public final class Wallclock {
  private static final long NANOSECONDS_PER_SECOND = 1_000_000_000;

  private static final SpinLock LOCK = new SpinLock(LockRank.WALLCLOCK);

  // Guarded by LOCK.
  private static long seconds;
  private static long nanoseconds;

  private Wallclock() {}

  /**
   * Sets it for all domains.
   *
   * @param newSeconds since 1970, when system time was {@code systemTime}
   * @param newNanoseconds below one second
   * @param systemTime in ns
   */
  public static void set(long newSeconds, long newNanoseconds, long systemTime) {
    long base =
        newSeconds * NANOSECONDS_PER_SECOND + newNanoseconds - systemTime; // unsigned: to year 2554
    LOCK.lock();
    seconds = Long.divideUnsigned(base, NANOSECONDS_PER_SECOND);
    nanoseconds = Long.remainderUnsigned(base, NANOSECONDS_PER_SECOND);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null && domain.shared.isStarted()) {
        write(domain);
      }
    }
    Log.timeOfDay(base);
    LOCK.unlock();
  }

  /** Shows it to a new domain, or to one whose offset has changed. */
  public static void show(Domain domain) {
    LOCK.lock();
    write(domain);
    LOCK.unlock();
  }

  /** A domain's page is not written any more when this returns. */
  public static void leave(Domain domain) {
    LOCK.lock();
    domain.shared.forget();
    LOCK.unlock();
  }

  /** Seconds since 1970 when system time was 0; 0 while nobody has set it. */
  public static long bootSeconds() {
    return seconds;
  }

  private static void write(Domain domain) {
    SharedInfo info = domain.shared.info();
    long shown = seconds + domain.settings.timeOffset;
    long address = info.address();
    int version = info.wallclockVersion() | 1;
    Memory.store32(address + SharedInfo.WC_VERSION, version);
    Barrier.dmbIshst(); // pairs with the guest's read barrier behind its first look at the version
    Memory.store32(address + SharedInfo.WC_SEC, (int) shown);
    Memory.store32(address + SharedInfo.WC_SEC_HI, (int) Bits.get(shown, 63, 32));
    Memory.store32(address + SharedInfo.WC_NSEC, (int) nanoseconds);
    Barrier.dmbIshst(); // pairs with the guest's read barrier before its second look
    Memory.store32(address + SharedInfo.WC_VERSION, version + 1);
  }
}
