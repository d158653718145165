package ristretto.core.sched;

import ristretto.abi.DomctlScheduler.VcpuParameters;
import ristretto.abi.SysctlPool.Schedule;
import ristretto.abi.SysctlPool.ScheduleEntry;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.SystemTime;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/** What the toolstack says of vCPUs under RTDS, and of the table of a pool under ARINC653. */
@Cold
public final class RealTime {
  private RealTime() {}

  /** What a vCPU of a pool under RTDS has first. */
  public static void askDefault(VcpuParameters parameters) {
    parameters.set(Rtds.DEFAULT_PERIOD, Rtds.DEFAULT_BUDGET, true);
  }

  public static void ask(Vcpu vcpu, VcpuParameters parameters) {
    Candidate candidate = vcpu.candidate;
    parameters.set(candidate.periodMicroseconds, candidate.budgetMicroseconds, candidate.extraTime);
  }

  /** Xen's limits: 10 µs at least, and no more in a period than the period. */
  public static boolean isPossible(VcpuParameters parameters) {
    int budget = parameters.budget();
    return Integer.compareUnsigned(budget, Rtds.LEAST) >= 0
        && Integer.compareUnsigned(budget, parameters.period()) <= 0;
  }

  /** From now on {@code vcpu}, of a pool under RTDS, has these, which are possible. */
  public static void set(Vcpu vcpu, VcpuParameters parameters) {
    long now = SysReg.CNTPCT_EL0.read();
    set(vcpu, parameters.period(), parameters.budget(), parameters.extraTime(), now);
  }

  /** In µs; its first period begins at {@code now}. */
  static void set(Vcpu vcpu, int period, int budget, boolean extraTime, long now) {
    Scheduler.LOCK.lock();
    Candidate candidate = vcpu.candidate;
    Residence residence = vcpu.residence;
    Placement.withdraw(vcpu);
    if (residence == Residence.RUNNING) {
      candidate.chargedAt = now;
      Placement.ask(vcpu.cpu); // its turn ends at another time now
    }
    Rtds.set(candidate, period, budget, extraTime, now);
    if (residence == Residence.QUEUED || residence == Residence.HELD) {
      Placement.ready(vcpu, now);
    }
    Scheduler.LOCK.unlock();
  }

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
