package ristretto.core.interrupt;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.lang.BootOnly;
import ristretto.vdev.gic.SharedInterrupts;

/**
 * Brings the SPIs of a domain to the vCPUs that they are routed to, and out of their list registers
 * again. List registers are written for a vCPU that is loaded here; any other is told by mail to
 * look at the words of 32 SPIs that concern it.
 *
 * <p>The VGIC lock is held by the callers, unless a method says that it takes it.
 */
final class SpiDispatch {
  private final Domain domain;
  private final Vgic vgic;
  private final SpinLock lock;
  private final SharedInterrupts shared;
  private final SpiState state;
  private final PhysicalSpis physical;

  @BootOnly
  SpiDispatch(Domain domain, Vgic vgic, SpinLock lock, SpiState state, PhysicalSpis physical) {
    this.domain = domain;
    this.vgic = vgic;
    this.lock = lock;
    this.shared = vgic.shared;
    this.state = state;
    this.physical = physical;
  }

  /** Brings SPI {@code intid} to its vCPU if it is deliverable. */
  void dispatch(int intid) {
    if ((deliverable(intid >>> 5) >>> (intid & 31) & 1) == 0 || !vgic.isForwarding()) {
      return;
    }
    int at = state.listedAt(intid);
    if (at != SpiState.NOBODY) {
      VgicCpu last = domain.vcpus[at].vgic;
      if (!last.isLoadedHere()) {
        tell(last, intid); // only there one can see whether it has ended
        return;
      }
      if (last.repeatShared(intid)) {
        return;
      }
      state.forgetListing(intid);
    }
    VgicCpu target = target(intid);
    if (target == null) {
      return; // stays pending until it is routed to a CPU that exists
    }
    if (target.isLoadedHere()) {
      target.deliverShared(intid);
      Scheduler.wake(target.vcpu);
    } else {
      tell(target, intid);
      physical.follow(intid, target);
    }
  }

  private int deliverable(int word) {
    return shared.enabled[word] & ~shared.active[word] & shared.pendingBits(word);
  }

  private static void tell(VgicCpu cpu, int intid) {
    cpu.post(Mailbox.SHARED, 1 << (intid >>> 5));
  }

  /**
   * Takes a pending SPI out of the list registers of this CPU's vCPU, or asks its vCPU to.
   *
   * @param keep it stays pending, in no list register
   */
  void withdraw(int intid, boolean keep) {
    int at = state.listedAt(intid);
    if (at == SpiState.NOBODY) {
      return;
    }
    VgicCpu last = domain.vcpus[at].vgic;
    if (last.isLoadedHere()) {
      last.registers.unlistShared(intid, keep);
    } else {
      if (!keep) {
        state.withdraw(intid);
      }
      tell(last, intid);
    }
  }

  /**
   * An SPI that is active in a list register is so no more, at once or when its vCPU reads mail.
   */
  void endListed(int intid) {
    int at = state.listedAt(intid);
    if (at == SpiState.NOBODY) {
      return;
    }
    VgicCpu last = domain.vcpus[at].vgic;
    if (last.isLoadedHere()) {
      last.registers.deactivate(intid);
    } else {
      state.end(intid);
      tell(last, intid);
    }
  }

  // For a vCPU that is loaded here

  /**
   * Looks for SPIs to deliver to {@code cpu}, which is loaded here, in the words of the bit mask.
   * Takes the lock.
   */
  void lookAtWords(VgicCpu cpu, int words) {
    if (vgic.words() == 1) {
      return;
    }
    lock.lock();
    for (int word = 1; word < vgic.words(); word++) {
      if ((words >>> word & 1) != 0) {
        lookAtWord(cpu, word);
      }
    }
    lock.unlock();
  }

  private void lookAtWord(VgicCpu cpu, int word) {
    unlist(cpu, word, state.withdrawn(word) | ~shared.enabled[word]);
    if (state.anyEnded(word)) {
      int over = state.takeEnded(word, cpu.listedBits(word, false));
      for (int left = over; left != 0; left &= left - 1) {
        cpu.registers.deactivate(word * 32 + Integer.numberOfTrailingZeros(left));
      }
    }
    for (int left = deliverable(word); left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      if (state.listedAt(intid) == cpu.vcpu.id || target(intid) == cpu) {
        dispatch(intid);
      }
    }
  }

  /**
   * The distributor is off: nothing of {@code cpu}, which is loaded here, stays listed. Takes the
   * lock.
   */
  void withdrawAll(VgicCpu cpu) {
    lock.lock();
    for (int word = 1; word < vgic.words(); word++) {
      unlist(cpu, word, -1);
    }
    lock.unlock();
  }

  private static void unlist(VgicCpu cpu, int word, int bits) {
    int listed = cpu.listedBits(word, true);
    for (int left = listed & bits; left != 0; left &= left - 1) {
      cpu.registers.unlistShared(word * 32 + Integer.numberOfTrailingZeros(left), true);
    }
  }

  /** See {@link ListRegisterOverflow#rebalance}; {@code cpu} is loaded here. Takes the lock. */
  void rebalance(VgicCpu cpu) {
    lock.lock();
    cpu.overflow.rebalance();
    lock.unlock();
  }

  /**
   * The most urgent deliverable SPI of {@code cpu} that is not in one of its list registers {@code
   * used}, or -1.
   */
  int mostUrgent(VgicCpu cpu, int used) {
    int best = -1;
    for (int word = 1; word < vgic.words(); word++) {
      for (int left = deliverable(word); left != 0; left &= left - 1) {
        int intid = word * 32 + Integer.numberOfTrailingZeros(left);
        int at = state.listedAt(intid);
        if ((best < 0 || shared.priority(intid) < shared.priority(best))
            && (at == cpu.vcpu.id || at == SpiState.NOBODY && target(intid) == cpu)
            && cpu.registers.find(intid, used) < 0) {
          best = intid;
        }
      }
    }
    return best;
  }

  // Routing

  /** The vCPU that an SPI is for, or null. One of several: the one loaded here, else the first. */
  @Nullable VgicCpu target(int intid) {
    int route = shared.route[intid];
    if (vgic.version() == 3) {
      if (shared.isAnyCpu(intid)) {
        return oneOf(-1);
      }
      int cpu = vgic.cpuOf(route);
      return cpu < 0 ? null : domain.vcpus[cpu].vgic;
    }
    return route == 0 ? null : oneOf(route);
  }

  private VgicCpu oneOf(int mask) {
    Vcpu here = Cpu.current().vcpu;
    if (here != null && here.domain == domain && (mask == -1 || (mask >>> here.id & 1) != 0)) {
      return here.vgic;
    }
    return domain.vcpus[Integer.numberOfTrailingZeros(mask)].vgic;
  }
}
