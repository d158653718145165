package ristretto.core.interrupt;

import java.util.Arrays;
import ristretto.arch.gic.ListRegister;
import ristretto.lang.BootOnly;
import ristretto.vdev.gic.SharedInterrupts;

/**
 * What a domain's SPIs are beyond their registers: whose list registers they are in, what their
 * pending state stands for, and what the vCPU that lists them has yet to do. Guarded by the lock of
 * the {@link Vgic}.
 */
final class SpiState implements PendingState {
  /** {@link #listedAt}: in no list register. */
  static final int NOBODY = -1;

  private final SharedInterrupts shared;

  /** SPIs that are latched because the physical one is active. */
  private final int[] physical;

  /** SPIs that were latched, not only by level, when they were last listed. */
  private final int[] listedLatched;

  /** SPIs that are to be pending no more in the list register of a vCPU elsewhere. */
  private final int[] withdrawn;

  /** SPIs that are to be active no more in the list register of a vCPU elsewhere. */
  private final int[] ended;

  /** By INTID: the vCPU in whose list registers it was put last and may still be. */
  private final byte[] listedAt;

  @BootOnly
  SpiState(SharedInterrupts shared) {
    int capacity = shared.capacity();
    this.shared = shared;
    this.physical = new int[capacity / 32];
    this.listedLatched = new int[capacity / 32];
    this.withdrawn = new int[capacity / 32];
    this.ended = new int[capacity / 32];
    this.listedAt = new byte[capacity];
  }

  void reset() {
    Arrays.fill(physical, 0);
    Arrays.fill(listedLatched, 0);
    Arrays.fill(withdrawn, 0);
    Arrays.fill(ended, 0);
    Arrays.fill(listedAt, (byte) NOBODY);
  }

  // Where it is listed

  /** The vCPU in whose list registers {@code intid} was put last and may still be, or NOBODY. */
  int listedAt(int intid) {
    return listedAt[intid];
  }

  /** It is in no list register. */
  void forgetListing(int intid) {
    listedAt[intid] = NOBODY;
  }

  /** Its vCPU, which is elsewhere, is to take its pending state out of the list register. */
  void withdraw(int intid) {
    IntidBits.add(withdrawn, intid);
  }

  int withdrawn(int word) {
    return withdrawn[word];
  }

  /** Its vCPU, which is elsewhere, is to take its active state out of the list register. */
  void end(int intid) {
    IntidBits.add(ended, intid);
  }

  boolean anyEnded(int word) {
    return ended[word] != 0;
  }

  /** Those of {@code candidates} that are to be ended; the caller does so. */
  int takeEnded(int word, int candidates) {
    int taken = ended[word] & candidates;
    ended[word] &= ~taken;
    return taken;
  }

  // What is pending

  /** The physical interrupt is active: it is pending until the guest deactivates it. */
  void latchPhysical(int intid) {
    latch(intid);
    IntidBits.add(physical, intid);
  }

  void forgetPhysical(int intid) {
    IntidBits.remove(physical, intid);
  }

  /** Nothing but its wire made it pending, as far as it is listed. */
  boolean isByLevelAlone(int intid) {
    return !IntidBits.contains(shared.edge, intid) && !IntidBits.contains(listedLatched, intid);
  }

  @Override
  public int priority(int intid) {
    return shared.priority(intid);
  }

  @Override
  public boolean isHigh(int intid) {
    return IntidBits.contains(shared.line, intid) && !IntidBits.contains(shared.edge, intid);
  }

  @Override
  public boolean isLatched(int intid) {
    return IntidBits.contains(shared.latched, intid);
  }

  @Override
  public boolean isPhysical(int intid) {
    return IntidBits.contains(physical, intid);
  }

  @Override
  public void latch(int intid) {
    IntidBits.add(shared.latched, intid);
  }

  @Override
  public ListRegister list(VgicCpu cpu, int intid) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    ListRegister register = ListRegister.pending(intid, priority(intid));
    listedAt[intid] = (byte) cpu.vcpu.id;
    withdrawn[word] &= ~bit;
    ended[word] &= ~bit;
    listedLatched[word] = listedLatched[word] & ~bit | shared.latched[word] & bit;
    shared.latched[word] &= ~bit;
    if ((physical[word] & bit) != 0) {
      physical[word] &= ~bit;
      return register.withHardware(intid);
    }
    return isHigh(intid) ? register.withEndInterrupt() : register;
  }

  @Override
  public void merged(int intid) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    listedLatched[word] |= shared.latched[word] & bit;
    shared.latched[word] &= ~bit;
    physical[word] &= ~bit;
  }

  @Override
  public boolean takenBack(ListRegister held, boolean keep) {
    int intid = held.intid();
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    if (!held.isActive()) {
      listedAt[intid] = NOBODY;
    }
    boolean wanted = keep && (withdrawn[word] & bit) == 0;
    withdrawn[word] &= ~bit;
    if (wanted) {
      shared.latched[word] |= bit & (shared.edge[word] | listedLatched[word]);
      if (held.isHardware()) {
        latchPhysical(intid);
      }
    }
    return wanted;
  }
}
