package ristretto.core.interrupt;

import ristretto.arch.gic.ListRegister;
import ristretto.driver.gic.Gic;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;

/**
 * The list registers of a vCPU while it is loaded: which interrupt is in which, and how it gets in
 * and out. An interrupt is written to a list register when it becomes deliverable and then left
 * alone: nothing is read back on exits, and the guest's acknowledge and end do not trap. A list
 * register is read again only when its interrupt is raised once more, its state is asked for, or
 * the vCPU leaves the CPU.
 *
 * <p>Only the CPU that has the vCPU loaded may call; for an SPI, with the VGIC lock held.
 */
final class ListRegisters {
  static final int MAXIMUM = 16;

  private final VgicCpu cpu;

  /** The interrupt last written to each list register; current while the register is not empty. */
  private final int[] listed = new int[MAXIMUM];

  @BootOnly
  ListRegisters(VgicCpu cpu) {
    this.cpu = cpu;
  }

  @Inline
  static int used(Gic gic) {
    return gic.listRegisterMask() & ~gic.emptyListRegisters();
  }

  @Inline
  static ListRegister read(Gic gic, int n) {
    return new ListRegister(gic.readListRegister(n));
  }

  /** The register of {@code intid} among the registers {@code used}, or -1. */
  @Inline
  int find(int intid, int used) {
    for (int left = used; left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      if (listed[n] == intid) {
        return n;
      }
    }
    return -1;
  }

  /** Writes {@code register}, with interrupt {@code intid}, to list register {@code n}. */
  @Inline
  void write(Gic gic, int n, int intid, ListRegister register) {
    listed[n] = intid;
    gic.writeListRegister(n, register.bits());
  }

  /**
   * The interrupt in register {@code n} is raised again. If it is pending there, once is enough; if
   * it is active, it becomes pending too. False if it has ended: the register is free.
   */
  boolean repeat(Gic gic, int n, int intid) {
    ListRegister held = read(gic, n);
    if (held.isInactive()) {
      return false;
    }
    PendingState state = cpu.stateOf(intid);
    if (held.isHardware()) {
      if (held.isPending()) {
        state.merged(intid);
      }
      return true; // if active: hardware repeats by itself once the guest has ended this one
    }
    boolean isPhysical = state.isPhysical(intid);
    boolean isLatched = state.isLatched(intid);
    ListRegister changed = held;
    if (state.isHigh(intid) || isPhysical) {
      changed = changed.withEndInterrupt(); // look again then
    }
    if (isPhysical) {
      if (!held.isActive()) {
        changed = held.withHardware(intid < 32 ? Interrupts.virtualTimer() : intid);
        state.merged(intid);
      }
    } else if (isLatched && held.isActive() && cpu.overflow.isOverflowing()) {
      changed = changed.withEndInterrupt(); // others may be more urgent then
    } else if (isLatched) {
      changed = changed.withPending(true);
      state.merged(intid);
    }
    gic.writeListRegister(n, changed.bits());
    return true;
  }

  /** Takes pending private interrupts out; active ones stay active. */
  void unlist(int bits, boolean keep) {
    Gic gic = Interrupts.gic();
    for (int left = used(gic); left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      int intid = listed[n];
      if (intid < 32 && (bits >>> intid & 1) != 0) {
        takeBackIfPending(gic, n, keep);
      }
    }
  }

  /** The same for SPI {@code intid}. */
  void unlistShared(int intid, boolean keep) {
    Gic gic = Interrupts.gic();
    int n = find(intid, used(gic));
    if (n >= 0) {
      takeBackIfPending(gic, n, keep);
    }
  }

  private void takeBackIfPending(Gic gic, int n, boolean keep) {
    if (read(gic, n).isPending()) {
      takeBack(gic, n, keep);
    }
  }

  /** Empties register {@code n}; if {@code keep}, its interrupt is pending in its state again. */
  void takeBack(Gic gic, int n, boolean keep) {
    ListRegister held = read(gic, n);
    ListRegister left = held.isActive() ? held.withPending(false) : ListRegister.EMPTY;
    gic.writeListRegister(n, left.bits());
    boolean kept = cpu.stateOf(held.intid()).takenBack(held, keep);
    if (!kept && held.isHardware()) {
      gic.deactivate(held.physical());
    }
  }

  /** Ends an interrupt that is active, as if the guest had. */
  void deactivate(int intid) {
    Gic gic = Interrupts.gic();
    int n = find(intid, used(gic));
    if (n < 0) {
      return;
    }
    ListRegister held = read(gic, n);
    if (held.isActive()) {
      gic.writeListRegister(n, held.withActive(false).bits());
      if (held.isHardware()) {
        gic.deactivate(held.physical());
      }
    }
  }
}
