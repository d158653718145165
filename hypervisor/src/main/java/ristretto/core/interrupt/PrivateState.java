package ristretto.core.interrupt;

import ristretto.arch.gic.ListRegister;
import ristretto.core.time.GuestTimer;
import ristretto.lang.Inline;
import ristretto.vdev.gic.PrivateInterrupts;

/**
 * A vCPU's private interrupts and what they are beyond their registers: what their pending state
 * stands for while they are listed, and while the physical timer interrupt is active. It belongs to
 * the CPU that has the vCPU loaded.
 */
abstract class PrivateState extends PrivateInterrupts implements PendingState {
  static final int TIMER_BIT = 1 << GuestTimer.VIRTUAL_TIMER;

  /** {@link #TIMER_BIT} while that is latched because the physical timer interrupt is active. */
  int physical;

  /** Private interrupts that were latched, not only by level, when they were last listed. */
  int listedLatched;

  @Inline
  static boolean isSet(int bits, int intid) {
    return (bits >>> intid & 1) != 0;
  }

  final void forgetListings() {
    physical = 0;
    listedLatched = 0;
  }

  @Override
  public final boolean isHigh(int intid) {
    return isSet(line & ~edge, intid);
  }

  @Override
  public final boolean isLatched(int intid) {
    return isSet(latched, intid);
  }

  @Override
  public final boolean isPhysical(int intid) {
    return isSet(physical, intid);
  }

  @Override
  public final void latch(int intid) {
    latched |= 1 << intid;
  }

  @Override
  @Inline
  public final ListRegister list(VgicCpu cpu, int intid) {
    int bit = 1 << intid;
    ListRegister register = ListRegister.pending(intid, priority(intid));
    listedLatched = listedLatched & ~bit | latched & bit;
    latched &= ~bit;
    if ((physical & bit) != 0) {
      physical &= ~bit;
      register = register.withHardware(Interrupts.virtualTimer());
    } else if ((line & ~edge & bit) != 0) {
      register = register.withEndInterrupt(); // the level may still be there then
    }
    return register;
  }

  @Override
  public final void merged(int intid) {
    int bit = 1 << intid;
    listedLatched |= latched & bit;
    latched &= ~bit;
    physical &= ~bit;
  }

  @Override
  public final boolean takenBack(ListRegister held, boolean keep) {
    int bit = 1 << held.intid();
    if (keep) {
      latched |= bit & (edge | listedLatched); // by level it is pending all the same
      if (held.isHardware()) {
        latched |= bit;
        physical |= bit;
      }
    }
    return keep;
  }
}
