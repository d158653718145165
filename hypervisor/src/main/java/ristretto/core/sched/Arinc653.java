package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomctlScheduler;
import ristretto.abi.SysctlPool.Schedule;
import ristretto.abi.SysctlPool.ScheduleEntry;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.SystemTime;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;

/**
 * A table says who runs when, and a vCPU that does not use its time leaves the CPU idle: the
 * partition scheduling of ARINC 653, with Xen's table. The table is for one CPU, the first of the
 * pool; the others have nothing to do.
 */
@Cold
final class Arinc653 extends Policy {
  /** What each vCPU of Dom0 gets without a table, µs, as in Xen. */
  private static final int DEFAULT_RUNTIME = 10_000;

  private final long[] handleLow = new long[Schedule.MOST_ENTRIES];
  private final long[] handleHigh = new long[Schedule.MOST_ENTRIES];
  private final int[] vcpuId = new int[Schedule.MOST_ENTRIES];

  /** Ticks. */
  private final long[] runtime = new long[Schedule.MOST_ENTRIES];

  private int count;

  /** Ticks after which the table begins again. */
  private long majorFrame;

  /** Counter when it began last. */
  private long frameStart;

  @BootOnly
  Arinc653() {}

  /** A pool begins with an empty table, whatever another one of its number had. */
  @Override
  void open() {
    clear(0, 0);
  }

  @Override
  int id() {
    return DomctlScheduler.ARINC653;
  }

  int count() {
    return count;
  }

  /** ns. */
  long majorFrame() {
    return SystemTime.toNanoseconds(majorFrame);
  }

  /** Writes an entry as the toolstack has it. */
  void write(int index, ScheduleEntry entry) {
    long nanoseconds = SystemTime.toNanoseconds(runtime[index]);
    entry.set(handleLow[index], handleHigh[index], vcpuId[index], nanoseconds);
  }

  /** An empty table, to be filled by {@link #add}. */
  void clear(long frame, long now) {
    count = 0;
    majorFrame = frame;
    frameStart = now;
  }

  /** The entry after those that there are. */
  void add(long low, long high, int vcpu, long ticks) {
    handleLow[count] = low;
    handleHigh[count] = high;
    vcpuId[count] = vcpu;
    runtime[count] = ticks;
    count++;
  }

  /** The table's CPU, whatever its affinity, unless it is of another class. */
  @Override
  void restrict(Candidate candidate, int allowed, int preferred) {
    int first = Integer.lowestOneBit(candidate.share.pool.cpus) & candidate.peers;
    super.restrict(candidate, first, first);
  }

  @Override
  void join(Candidate candidate, long now) {
    Domain domain = candidate.share.domain;
    if (domain.privileged && count < Schedule.MOST_ENTRIES) {
      long ticks = SystemTime.ticksOfMicroseconds(DEFAULT_RUNTIME);
      add(domain.handle[0], domain.handle[1], candidate.vcpu.id, ticks);
      majorFrame += ticks;
    }
  }

  @Override
  boolean admit(Candidate candidate, long now) {
    return true;
  }

  @Override
  void charge(Candidate candidate, long now) {}

  /** It may be its time. */
  @Override
  void contend(Candidate candidate, long now) {
    int cpu = Integer.numberOfTrailingZeros(candidate.mask);
    if (cpu < Cpus.count()) {
      Placement.ask(Cpus.get(cpu));
    }
  }

  @Override
  @Nullable Vcpu choose(Cpu cpu, @Nullable Vcpu running, boolean yielded, long now) {
    if (count == 0 || Integer.numberOfTrailingZeros(cpu.pool.cpus) != cpu.index) {
      return null;
    }
    frameStart += Long.divideUnsigned(now - frameStart, majorFrame) * majorFrame;
    long end = frameStart;
    for (int i = 0; i < count; i++) {
      end += runtime[i];
      if (end - now > 0) {
        cpu.slice.chooseBy(end);
        return ready(cpu, running, i);
      }
    }
    cpu.slice.chooseBy(frameStart + majorFrame);
    return null;
  }

  /** The entry's vCPU, if it runs already or waits. */
  private @Nullable Vcpu ready(Cpu cpu, @Nullable Vcpu running, int entry) {
    Vcpu vcpu = find(entry);
    if (vcpu == null || vcpu == running) {
      return vcpu;
    }
    if (vcpu.candidate.share.pool != cpu.pool
        || vcpu.residence != Residence.QUEUED
        || !vcpu.mayRunOn(cpu)) {
      return null;
    }
    Placement.READY.remove(vcpu.candidate);
    return vcpu;
  }

  private @Nullable Vcpu find(int entry) {
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null
          && domain.handle[0] == handleLow[entry]
          && domain.handle[1] == handleHigh[entry]
          && Integer.compareUnsigned(vcpuId[entry], domain.vcpuCount) < 0) {
        return domain.vcpus[vcpuId[entry]];
      }
    }
    return null;
  }
}
