package ristretto.core.sched;

import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Interrupts;
import ristretto.lang.Cold;
import ristretto.machine.Hint;

/**
 * Where a vCPU that may run goes: to a CPU that idles, or into the ready queue. All of it under the
 * scheduler's lock.
 */
final class Placement {
  static final ReadyQueue READY = new ReadyQueue();

  /** Bit n: CPU n has nothing to do. */
  private static int idle;

  private Placement() {}

  /** It may run on every CPU of its pool. It is not in the ready queue. */
  @Cold
  static void unpin(Candidate candidate) {
    candidate.vcpu.affinity = -1;
    candidate.vcpu.softAffinity = -1;
    restrict(candidate);
  }

  /** The affinity of a vCPU, or its pool, has changed. It is not in the ready queue. */
  @Cold
  static void restrict(Candidate candidate) {
    Pool pool = candidate.share.pool;
    Vcpu vcpu = candidate.vcpu;
    int hard = (int) vcpu.affinity & pool.cpus;
    if (candidate.startedAt == 0) {
      join(candidate, hard == 0 ? pool.cpus : hard);
    }
    int mine = pool.cpus & candidate.peers;
    int allowed = hard & mine;
    if (allowed == 0) {
      vcpu.affinity = -1; // it was pinned to what the pool has lost, which Xen forgets, too
      allowed = mine;
    }
    int soft = (int) vcpu.softAffinity & allowed;
    pool.policy.restrict(candidate, allowed, soft == 0 ? allowed : soft);
  }

  /**
   * A vCPU that has never run is of the class of the first of the CPUs that it would best run on,
   * of those in {@code allowed}: without any wish, of the boot CPU's, where that is in the pool.
   */
  @Cold
  private static void join(Candidate candidate, int allowed) {
    Vcpu vcpu = candidate.vcpu;
    int soft = (int) vcpu.softAffinity & allowed;
    int first = Integer.numberOfTrailingZeros(soft == 0 ? allowed : soft);
    if ((vcpu.cpu.peers >>> first & 1) == 0) {
      vcpu.cpu = Cpus.get(first);
    }
    candidate.peers = vcpu.cpu.peers;
  }

  /** {@code vcpu} may run again: its policy lets it now or later. */
  static void ready(Vcpu vcpu, long now) {
    if (vcpu.candidate.policy().admit(vcpu.candidate, now)) {
      place(vcpu, now);
    } else {
      hold(vcpu, now);
    }
  }

  /** {@code vcpu} may run and its policy lets it. */
  static void place(Vcpu vcpu, long now) {
    Candidate candidate = vcpu.candidate;
    Cpu holder = vcpu.loadedOn;
    if (holder != null) {
      if (isIdle(holder) && vcpu.mayRunOn(holder)) {
        give(holder, vcpu, now);
        return;
      }
      if (leaves(vcpu, holder, now)) {
        return;
      }
    }
    int free = idle & candidate.mask;
    if (free != 0) {
      give(Cpus.get(bestOf(free, candidate)), vcpu, now);
      return;
    }
    vcpu.residence = Residence.QUEUED;
    vcpu.runstate.enter(RunstateInfo.RUNNABLE, now);
    candidate.policy().contend(candidate, now);
    READY.add(candidate);
  }

  /** Where it would best run, of those where it ran last, else any. */
  private static int bestOf(int free, Candidate candidate) {
    int best = free & candidate.preferred;
    int wanted = best == 0 ? free : best;
    int last = candidate.vcpu.cpu.index;
    return (wanted >>> last & 1) != 0 ? last : Integer.numberOfTrailingZeros(wanted);
  }

  /**
   * An idle CPU has something to do: the decision is taken here, so that nobody can come between.
   */
  private static void give(Cpu cpu, Vcpu vcpu, long now) {
    idle &= ~(1 << cpu.index);
    cpu.running = vcpu;
    start(cpu, vcpu, now);
    if (cpu != Cpu.current()) {
      vcpu.runstate.enter(RunstateInfo.RUNNABLE, now); // until that CPU has heard of it
    }
    ask(cpu);
  }

  /** From now on it is {@code cpu}'s. */
  static void start(Cpu cpu, Vcpu vcpu, long now) {
    vcpu.cpu = cpu;
    vcpu.residence = Residence.RUNNING;
    vcpu.candidate.startedAt = now;
    vcpu.candidate.chargedAt = now;
  }

  /**
   * Its registers are in a CPU that has to let go of them first; {@link Scheduler#left} comes.
   *
   * @return false: the CPU has let go by now, and may not have seen that somebody waits for that
   */
  private static boolean leaves(Vcpu vcpu, Cpu holder, long now) {
    Hint.interleave();
    vcpu.residence = Residence.LEAVING; // before the look: the CPU does the same crosswise
    if (vcpu.loadedOn == null) {
      return false;
    }
    vcpu.runstate.enter(RunstateInfo.RUNNABLE, now);
    if (holder.running == null) {
      ask(holder);
    }
    return true;
  }

  /** It has been charged, may run, and is not its CPU's any more. */
  static void release(Vcpu vcpu, long now) {
    Cpu holder = vcpu.loadedOn;
    if (holder == null) { // it was given to the CPU, which changed its mind
      place(vcpu, now);
    } else {
      vcpu.residence = Residence.LEAVING;
      vcpu.runstate.enter(RunstateInfo.RUNNABLE, now);
    }
  }

  /** It has been charged, and its policy does not let it go on. */
  @Cold
  static void hold(Vcpu vcpu, long now) {
    if (vcpu.residence == Residence.RUNNING) {
      vcpu.cpu.running = null;
    }
    vcpu.residence = Residence.HELD;
    vcpu.runstate.enter(RunstateInfo.RUNNABLE, now);
  }

  /** It is nowhere in a queue any more, nor held; its residence is the caller's to change. */
  @Cold
  static void withdraw(Vcpu vcpu) {
    Candidate candidate = vcpu.candidate;
    if (vcpu.residence == Residence.QUEUED) {
      READY.remove(candidate);
    } else if (vcpu.residence == Residence.HELD) {
      candidate.policy().forget(candidate);
    }
  }

  /** {@code cpu} has nothing to do. */
  static void setIdle(Cpu cpu) {
    idle |= 1 << cpu.index;
  }

  /** {@code cpu} has something to do. */
  static void setBusy(Cpu cpu) {
    idle &= ~(1 << cpu.index);
  }

  static boolean isIdle(Cpu cpu) {
    return (idle >>> cpu.index & 1) != 0;
  }

  /** A CPU idles where the candidate would better run than on {@code cpu}. */
  static boolean isBetterElsewhere(Candidate candidate, Cpu cpu) {
    return (candidate.preferred >>> cpu.index & 1) == 0 && (idle & candidate.preferred) != 0;
  }

  /** {@code cpu} chooses again before it goes on. */
  static void ask(Cpu cpu) {
    if (cpu == Cpu.current()) {
      cpu.askToReschedule();
    } else {
      Interrupts.sendReschedule(cpu);
    }
  }
}
