package ristretto.core.interrupt;

import ristretto.arch.gic.IchVmcr;
import ristretto.arch.gic.ListRegister;
import ristretto.core.time.GuestTimer;
import ristretto.driver.gic.Gic;
import ristretto.lang.Inline;

/**
 * A vCPU's virtual CPU interface, in the hardware of the CPU that has the vCPU loaded and here
 * otherwise: list registers, VMCR, active priorities. IHI 0069, "Virtual interrupt handling". Who
 * reads it while the vCPU is not loaded gets what was saved last.
 */
final class VirtualCpuInterface {
  /** List registers while not loaded; those of {@link #savedMask} are in use. */
  private final long[] saved = new long[ListRegisters.MAXIMUM];

  private int savedMask;
  private int vmcr;
  private int activePriorities;

  /** As after reset, nothing listed; the vCPU is not loaded. */
  void reset() {
    savedMask = 0;
    resetControl();
  }

  /** Off, as a CPU's reset leaves it; the vCPU is not loaded. */
  void resetControl() {
    vmcr = 0;
    activePriorities = 0;
  }

  /** Takes the vCPU's state out of the hardware of this CPU. */
  @Inline
  void save(Gic gic) {
    savedMask = 0;
    for (int left = ListRegisters.used(gic); left != 0; left &= left - 1) {
      save(gic, Integer.numberOfTrailingZeros(left));
    }
    vmcr = gic.readVmcr();
    activePriorities = gic.readActivePriorities();
  }

  private void save(Gic gic, int n) {
    ListRegister held = ListRegisters.read(gic, n);
    gic.writeListRegister(n, ListRegister.EMPTY.bits());
    if (isTimer(held)) {
      // The physical interrupt is this CPU's own: the next vCPU needs it inactive.
      gic.deactivate(Interrupts.virtualTimer());
      if (!held.isActive()) {
        return; // by level: it comes again
      }
    }
    saved[n] = held.bits();
    savedMask |= 1 << n;
  }

  /** Puts the vCPU's state into the hardware of this CPU, which has the number {@code index}. */
  @Inline
  void load(Gic gic, int index) {
    for (int left = savedMask; left != 0; left &= left - 1) {
      int n = Integer.numberOfTrailingZeros(left);
      ListRegister held = new ListRegister(saved[n]);
      if (isTimer(held)) {
        gic.setActive(index, Interrupts.virtualTimer(), true); // for the guest to deactivate
      }
      gic.writeListRegister(n, held.bits());
    }
    gic.writeVmcr(vmcr);
    gic.writeActivePriorities(activePriorities);
  }

  private static boolean isTimer(ListRegister register) {
    return register.isHardware() && register.intid() == GuestTimer.VIRTUAL_TIMER;
  }

  // Questions; "here": the caller is the CPU that has the vCPU loaded

  @Inline
  private int used(Gic gic, boolean here) {
    return here ? ListRegisters.used(gic) : savedMask;
  }

  @Inline
  private ListRegister register(Gic gic, boolean here, int n) {
    return here ? ListRegisters.read(gic, n) : new ListRegister(saved[n]);
  }

  /** Interrupts of a word that are pending, or active, in the list registers. */
  int listedBits(boolean here, int word, boolean pending) {
    Gic gic = Interrupts.gic();
    int bits = 0;
    for (int left = used(gic, here); left != 0; left &= left - 1) {
      ListRegister held = register(gic, here, Integer.numberOfTrailingZeros(left));
      if (held.intid() >>> 5 == word && (pending ? held.isPending() : held.isActive())) {
        bits |= 1 << (held.intid() & 31);
      }
    }
    return bits;
  }

  /**
   * A pending interrupt in a list register would be signalled, whatever PSTATE.I says.
   *
   * @param version of the controller that the guest sees: its interrupts are Group 1 in GICv3,
   *     Group 0 in GICv2
   */
  @Inline
  boolean hasDeliverable(boolean here, int version) {
    Gic gic = Interrupts.gic();
    int left = used(gic, here);
    if (left == 0) {
      return false;
    }
    IchVmcr control = new IchVmcr(here ? gic.readVmcr() : vmcr);
    boolean enabledGroup = version == 3 ? control.group1Enabled() : control.group0Enabled();
    for (; enabledGroup && left != 0; left &= left - 1) {
      ListRegister held = register(gic, here, Integer.numberOfTrailingZeros(left));
      if (held.isPending() && held.priority() < control.priorityMask()) {
        return true;
      }
    }
    return false;
  }
}
