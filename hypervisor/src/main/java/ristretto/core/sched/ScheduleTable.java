package ristretto.core.sched;

import ristretto.abi.SysctlPool.Schedule;
import ristretto.abi.SysctlPool.ScheduleEntry;
import ristretto.core.time.SystemTime;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/** What the toolstack says of the table of a pool under ARINC653. */
@Cold
public final class ScheduleTable {
  private ScheduleTable() {}

  /** The head of a pool's table; false: its policy has none. */
  public static boolean ask(Pool pool, Schedule head) {
    if (pool.policy instanceof Arinc653 table) {
      head.set(table.majorFrame(), table.count());
      return true;
    }
    return false;
  }

  /** The entries of a pool's table, one after the other from {@code address} on. */
  public static void writeEntries(Pool pool, long address) {
    if (pool.policy instanceof Arinc653 table) {
      for (int i = 0; i < table.count(); i++) {
        table.write(i, new ScheduleEntry(address + (long) i * ScheduleEntry.SIZEOF));
      }
    }
  }

  /**
   * Gives a pool a table, which begins now.
   *
   * @param majorFrame ns after which it begins again
   * @param count of entries from {@code address} on
   * @return false: there is no entry, one takes no time, or all of them more than the frame
   */
  public static boolean set(Pool pool, long majorFrame, int count, long address) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long runtime = new ScheduleEntry(address + (long) i * ScheduleEntry.SIZEOF).runtime();
      if (runtime <= 0 || runtime > majorFrame - sum) {
        return false;
      }
      sum += runtime;
    }
    if (count == 0 || majorFrame <= 0 || !(pool.policy instanceof Arinc653 table)) {
      return false;
    }
    Scheduler.LOCK.lock();
    table.clear(SystemTime.toTicks(majorFrame), SysReg.CNTPCT_EL0.read());
    for (int i = 0; i < count; i++) {
      ScheduleEntry entry = new ScheduleEntry(address + (long) i * ScheduleEntry.SIZEOF);
      long ticks = SystemTime.toTicks(entry.runtime());
      table.add(entry.handleLow(), entry.handleHigh(), entry.vcpu(), ticks);
    }
    Pools.askAll(pool);
    Scheduler.LOCK.unlock();
    return true;
  }
}
