package ristretto.core.interrupt;

import ristretto.arch.gic.IchHcr;
import ristretto.arch.gic.ListRegister;
import ristretto.driver.gic.Gic;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;

/**
 * What happens while more interrupts of a vCPU are deliverable than there are list registers: the
 * most urgent ones are listed, and maintenance interrupts tell when to look again. Only the CPU
 * that has the vCPU loaded may call.
 */
final class ListRegisterOverflow {
  private final VgicCpu cpu;
  private final Vgic vgic;

  /** More interrupts are deliverable than there are list registers; see {@link #rebalance}. */
  private boolean overflowing;

  /** The maintenance interrupts that {@link #overflowing} needs, as HCR has them. */
  private int maintenance;

  @BootOnly
  ListRegisterOverflow(VgicCpu cpu, Vgic vgic) {
    this.cpu = cpu;
    this.vgic = vgic;
  }

  void reset() {
    overflowing = false;
  }

  @Inline
  boolean isOverflowing() {
    return overflowing;
  }

  /** The vCPU leaves this CPU: the next one asks for no maintenance interrupts. */
  @Inline
  void save(Gic gic) {
    if (overflowing) {
      gic.writeHcr(IchHcr.ENABLE);
    }
  }

  /** The vCPU comes to this CPU. */
  @Inline
  void load(Gic gic) {
    if (overflowing) {
      gic.writeHcr(IchHcr.ENABLE | maintenance);
    }
  }

  /**
   * The maintenance interrupt: list registers are free again, or an interrupt asked for has ended.
   */
  @Cold
  void maintain() {
    Gic gic = Interrupts.gic();
    for (int left = ListRegisters.used(gic); left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      if (ListRegisters.read(gic, n).isInactive()) {
        gic.writeListRegister(n, ListRegister.EMPTY.bits());
      }
    }
    vgic.dispatch.rebalance(cpu);
  }

  /**
   * There are, or were, more interrupts than list registers: lists the most urgent ones. What is
   * listed is then more urgent than what is not, so it is early enough to look again when nothing
   * listed is pending any more. The VGIC lock is held.
   */
  @Cold
  void rebalance() {
    Gic gic = Interrupts.gic();
    while (true) { // each turn lists something more urgent than what it replaces, if anything
      int used = ListRegisters.used(gic);
      int intid = mostUrgent(used);
      int n = -1;
      if (intid >= 0) {
        int free = gic.listRegisterMask() & ~used;
        n = free != 0 ? Integer.numberOfTrailingZeros(free) : lessUrgent(gic, urgency(intid));
      }
      if (n < 0) {
        overflowing = intid >= 0;
        maintenance = overflowing ? awaitRoom(gic) : 0;
        gic.writeHcr(IchHcr.ENABLE | maintenance);
        return;
      }
      if ((used >>> n & 1) != 0) {
        cpu.registers.takeBack(gic, n, true);
      }
      cpu.list(gic, n, intid);
    }
  }

  /**
   * Arranges for a maintenance interrupt when something that waits may be listed; returns what is
   * to be enabled in HCR. The end of an interrupt that was active and raised again makes it
   * pending, and something that waits may be more urgent then: it keeps its active state only, and
   * its end tells. With nothing pending, "none pending" would tell at once and for ever.
   */
  private int awaitRoom(Gic gic) {
    boolean anyPending = false;
    for (int n = 0; n < gic.listRegisters(); n++) {
      ListRegister held = ListRegisters.read(gic, n);
      if (!held.isActive()) {
        anyPending |= held.isPending();
      } else if (!held.isHardware()) {
        gic.writeListRegister(n, held.withPending(false).withEndInterrupt().bits());
        if (held.isPending()) {
          cpu.stateOf(held.intid()).latch(held.intid());
        }
      }
    }
    return anyPending ? IchHcr.NONE_PENDING : IchHcr.UNDERFLOW;
  }

  /** The most urgent interrupt that is deliverable and not in a list register, or -1. */
  private int mostUrgent(int used) {
    if (!vgic.isForwarding()) {
      return -1;
    }
    int best = vgic.dispatch.mostUrgent(cpu, used);
    int lowest = best < 0 ? Integer.MAX_VALUE : urgency(best);
    for (int left = cpu.deliverable(); left != 0; left &= left - 1) {
      int intid = Integer.numberOfTrailingZeros(left);
      if (cpu.priority(intid) < lowest && cpu.registers.find(intid, used) < 0) {
        best = intid;
        lowest = cpu.priority(intid);
      }
    }
    return best;
  }

  private int urgency(int intid) {
    return cpu.stateOf(intid).priority(intid);
  }

  /** The register with the least urgent pending interrupt, if that is less urgent; else -1. */
  private static int lessUrgent(Gic gic, int priority) {
    int worst = -1;
    int highest = priority;
    for (int n = 0; n < gic.listRegisters(); n++) {
      ListRegister held = ListRegisters.read(gic, n);
      if (held.isPending() && !held.isActive() && held.priority() > highest) {
        worst = n;
        highest = held.priority();
      }
    }
    return worst;
  }
}
