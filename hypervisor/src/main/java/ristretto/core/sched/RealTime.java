package ristretto.core.sched;

import ristretto.abi.DomctlScheduler.VcpuParameters;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/** What the toolstack says of vCPUs under RTDS. */
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
}
