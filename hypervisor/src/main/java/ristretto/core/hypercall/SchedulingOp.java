package ristretto.core.hypercall;

import ristretto.abi.Domctl;
import ristretto.abi.DomctlScheduler;
import ristretto.abi.DomctlScheduler.VcpuParameters;
import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlPool;
import ristretto.abi.SysctlPool.Schedule;
import ristretto.abi.SysctlPool.ScheduleEntry;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.core.sched.Pool;
import ristretto.core.sched.Pools;
import ristretto.core.sched.RealTime;
import ristretto.core.sched.ScheduleTable;
import ristretto.lang.Cold;

/** scheduler_op of domctl and of sysctl: parameters of domains, of vCPUs and of pools. */
@Cold
final class SchedulingOp {
  /** {@code cap} that leaves it as it is. */
  private static final int SAME_CAP = 0xffff;

  private SchedulingOp() {}

  /** XEN_DOMCTL_scheduler_op. */
  static long ofDomain(Vcpu caller, Domain domain, Domctl argument) {
    DomctlScheduler parameters = new DomctlScheduler(argument.payload());
    int scheduler = domain.share.pool().scheduler();
    if (parameters.scheduler() != scheduler
        || Integer.compareUnsigned(parameters.command(), DomctlScheduler.GET_VCPU_INFO) > 0) {
      return Errno.EINVAL;
    }
    return switch (scheduler) {
      case DomctlScheduler.CREDIT2 -> ofCredit2(domain, parameters);
      case DomctlScheduler.RTDS -> ofRtds(caller, domain, parameters);
      default -> Errno.EINVAL; // null and ARINC653 have nothing to ask for or to set
    };
  }

  /** Credit2 has no parameters of single vCPUs. A weight of 0 and a cap of all ones are kept. */
  private static long ofCredit2(Domain domain, DomctlScheduler parameters) {
    int command = parameters.command();
    if (command == DomctlScheduler.GET_INFO) {
      parameters.set(domain.share.weight(), domain.share.cap());
      return Errno.OK;
    }
    if (command != DomctlScheduler.PUT_INFO) {
      return Errno.EINVAL;
    }
    int weight = parameters.weight();
    int cap = parameters.cap();
    domain.share.set(
        weight == 0 ? domain.share.weight() : weight, cap == SAME_CAP ? domain.share.cap() : cap);
    return Errno.OK;
  }

  /** Of a domain: what its vCPUs had first, or the same for all of them. */
  private static long ofRtds(Vcpu caller, Domain domain, DomctlScheduler parameters) {
    VcpuParameters whole =
        new VcpuParameters(parameters.address() + DomctlScheduler.RTDS_PARAMETERS);
    int command = parameters.command();
    if (command == DomctlScheduler.GET_INFO) {
      RealTime.askDefault(whole);
      return Errno.OK;
    }
    if (command != DomctlScheduler.PUT_INFO) {
      return ofVcpus(caller, domain, parameters, command == DomctlScheduler.PUT_VCPU_INFO);
    }
    if (!RealTime.isPossible(whole)) {
      return Errno.EINVAL;
    }
    for (int i = 0; i < domain.vcpuCount; i++) {
      RealTime.set(domain.vcpus[i], whole);
    }
    return Errno.OK;
  }

  /** An array of vCPUs, each with its number and its parameters. */
  private static long ofVcpus(
      Vcpu caller, Domain domain, DomctlScheduler parameters, boolean sets) {
    VcpuParameters element = new VcpuParameters(Scratch.buffer());
    int count = parameters.vcpuCount();
    long result = Integer.compareUnsigned(count, domain.vcpuCount) > 0 ? Errno.EINVAL : Errno.OK;
    for (int i = 0; i < count && result == Errno.OK; i++) {
      long guest = parameters.vcpus() + (long) i * VcpuParameters.SIZEOF;
      result =
          GuestMemory.copyIn(caller, guest, element.address(), VcpuParameters.SIZEOF)
              ? ofVcpu(domain, element, sets)
              : Errno.EFAULT;
      if (result == Errno.OK
          && !sets
          && !GuestMemory.copyOut(caller, guest, element.address(), VcpuParameters.SIZEOF)) {
        result = Errno.EFAULT;
      }
    }
    return result;
  }

  private static long ofVcpu(Domain domain, VcpuParameters element, boolean sets) {
    if (Integer.compareUnsigned(element.vcpu(), domain.vcpuCount) >= 0
        || sets && !RealTime.isPossible(element)) {
      return Errno.EINVAL;
    }
    Vcpu vcpu = domain.vcpus[element.vcpu()];
    if (sets) {
      RealTime.set(vcpu, element);
    } else {
      RealTime.ask(vcpu, element);
    }
    return Errno.OK;
  }

  /** XEN_SYSCTL_scheduler_op. */
  static long ofPool(Vcpu caller, Sysctl argument) {
    SysctlPool.Scheduler parameters = new SysctlPool.Scheduler(argument.payload());
    Pool pool = Pools.find(parameters.pool());
    if (pool == null) {
      return Errno.ESRCH;
    }
    int command = parameters.command();
    if (parameters.scheduler() != pool.scheduler()
        || command != SysctlPool.PUT_INFO && command != SysctlPool.GET_INFO) {
      return Errno.EINVAL;
    }
    boolean sets = command == SysctlPool.PUT_INFO;
    return switch (pool.scheduler()) {
      case DomctlScheduler.CREDIT2 -> rateLimit(pool, parameters, sets);
      case DomctlScheduler.ARINC653 ->
          sets
              ? putTable(caller, pool, parameters.schedule())
              : getTable(caller, pool, parameters.schedule());
      default -> Errno.EINVAL;
    };
  }

  private static long rateLimit(Pool pool, SysctlPool.Scheduler parameters, boolean sets) {
    if (!sets) {
      parameters.setRateLimit(pool.rateLimit());
      return Errno.OK;
    }
    int microseconds = parameters.rateLimit();
    if (microseconds != 0
        && (microseconds < SysctlPool.RATE_LIMIT_LEAST
            || microseconds > SysctlPool.RATE_LIMIT_MOST)) {
      return Errno.EINVAL;
    }
    pool.setRateLimit(microseconds);
    return Errno.OK;
  }

  /** The table's head, then its entries, which fill the buffer. */
  private static long getTable(Vcpu caller, Pool pool, long guest) {
    Schedule head = new Schedule(Scratch.buffer());
    if (!ScheduleTable.ask(pool, head)) {
      return Errno.EINVAL;
    }
    int size = head.count() * ScheduleEntry.SIZEOF;
    long entries = guest + Schedule.SCHED_ENTRIES;
    if (!GuestMemory.copyOut(caller, guest, head.address(), Schedule.SCHED_ENTRIES)) {
      return Errno.EFAULT;
    }
    ScheduleTable.writeEntries(pool, Scratch.buffer());
    return size == 0 || GuestMemory.copyOut(caller, entries, Scratch.buffer(), size)
        ? Errno.OK
        : Errno.EFAULT;
  }

  private static long putTable(Vcpu caller, Pool pool, long guest) {
    Schedule head = new Schedule(Scratch.buffer());
    if (!GuestMemory.copyIn(caller, guest, head.address(), Schedule.SCHED_ENTRIES)) {
      return Errno.EFAULT;
    }
    long majorFrame = head.majorFrame();
    int count = head.count();
    if (count == 0 || count > Schedule.MOST_ENTRIES) {
      return Errno.EINVAL;
    }
    int size = count * ScheduleEntry.SIZEOF;
    long entries = guest + Schedule.SCHED_ENTRIES;
    if (!GuestMemory.copyIn(caller, entries, Scratch.buffer(), size)) {
      return Errno.EFAULT;
    }
    return ScheduleTable.set(pool, majorFrame, count, Scratch.buffer()) ? Errno.OK : Errno.EINVAL;
  }
}
