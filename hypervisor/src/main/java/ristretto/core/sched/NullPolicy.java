package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomctlScheduler;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.Heap;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * A CPU for each vCPU, which has it until it goes offline or elsewhere: what Xen calls null. There
 * is nothing to decide and no turn to end. vCPUs for which no CPU is left wait in the order of
 * their coming: they are in the ready queue, for no CPU.
 */
final class NullPolicy extends Policy {
  /** By CPU: whose it is. A CPU is in one pool, so that all of this kind share the table. */
  private static final @Nullable Candidate[] OWNERS = new Candidate[Cpus.MAXIMUM];

  private static long arrivals;

  @Override
  int id() {
    return DomctlScheduler.NULL;
  }

  /** Keeps its CPU if it may; what it may have otherwise is looked up when it wants one. */
  @Cold
  @Override
  void restrict(Candidate candidate, int allowed, int preferred) {
    candidate.allowed = allowed;
    if ((candidate.mask & allowed) == 0 || !isOwner(candidate)) {
      part(candidate, SysReg.CNTPCT_EL0.read());
    }
  }

  private static boolean isOwner(Candidate candidate) {
    int cpu = Integer.numberOfTrailingZeros(candidate.mask);
    return cpu < OWNERS.length && OWNERS[cpu] == candidate;
  }

  @Override
  void join(Candidate candidate, long now) {
    candidate.key = arrivals++;
  }

  /** It wants no CPU any more: its own is the next one's. */
  @Cold
  @Override
  void part(Candidate candidate, long now) {
    if (isOwner(candidate)) {
      int cpu = Integer.numberOfTrailingZeros(candidate.mask);
      OWNERS[cpu] = null;
      offer(cpu, candidate, now);
    }
    candidate.restrict(0, 0);
  }

  /** An offline vCPU, or one that ends, wants no CPU. One that is paused keeps its own. */
  @Cold
  @Override
  void rest(Candidate candidate, int reasons, long now) {
    if ((reasons & (PauseReason.OFFLINE | PauseReason.DYING)) != 0) {
      part(candidate, now);
    }
  }

  /** A CPU has become free, unless one that waited has found it by now. */
  @Cold
  @Override
  void added(int cpu, long now) {
    if (OWNERS[cpu] == null) {
      offer(cpu, null, now);
    }
  }

  @Override
  boolean admit(Candidate candidate, long now) {
    resettle(candidate);
    return true;
  }

  @Override
  void resettle(Candidate candidate) {
    if (candidate.mask == 0) {
      assign(candidate);
    }
  }

  @Cold
  private static void assign(Candidate candidate) {
    candidate.key = arrivals++;
    int free = 0;
    for (int i = 0; i < Cpus.count(); i++) {
      free |= OWNERS[i] == null ? candidate.allowed & 1 << i : 0;
    }
    if (free != 0) {
      int last = candidate.vcpu.cpu.index;
      own((free >>> last & 1) != 0 ? last : Integer.numberOfTrailingZeros(free), candidate);
    }
  }

  private static void own(int cpu, Candidate candidate) {
    OWNERS[cpu] = candidate;
    candidate.restrict(1 << cpu, 1 << cpu);
  }

  /**
   * Gives a free CPU to the one that has waited longest, if one may have it: in the ready queue, or
   * still on a CPU that is its no longer, which it will leave for this one.
   */
  @Cold
  private void offer(int cpu, @Nullable Candidate but, long now) {
    Candidate longest = null;
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      for (int i = 0; domain != null && i < domain.vcpuCount; i++) {
        Candidate candidate = domain.vcpus[i].candidate;
        if (candidate != but
            && candidate.policy() == this
            && candidate.vcpu.residence != Residence.PARKED
            && candidate.mask == 0
            && (candidate.allowed >>> cpu & 1) != 0
            && (longest == null || Heap.isBefore(candidate, longest))) {
          longest = candidate;
        }
      }
    }
    if (longest == null) {
      return;
    }
    boolean queued = longest.vcpu.residence == Residence.QUEUED;
    if (queued) {
      Placement.READY.remove(longest);
    }
    own(cpu, longest);
    if (queued) {
      Placement.place(longest.vcpu, now);
    }
  }

  @Override
  void charge(Candidate candidate, long now) {}

  @Override
  void contend(Candidate candidate, long now) {}

  @Override
  @Nullable Vcpu choose(Cpu cpu, @Nullable Vcpu running, boolean yielded, long now) {
    if (running != null) {
      return running;
    }
    Candidate first = Placement.READY.first(cpu);
    if (first == null) {
      return null;
    }
    Placement.READY.remove(first);
    return first.vcpu;
  }
}
