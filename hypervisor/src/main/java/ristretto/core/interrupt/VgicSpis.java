package ristretto.core.interrupt;

import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.lang.BootOnly;
import ristretto.vdev.gic.SharedInterrupts;

/**
 * The SPIs of a domain: what sources do to them, and what accesses to the distributor's registers
 * do. Each operation takes the VGIC lock for as long as it changes anything; reads do without.
 */
final class VgicSpis {
  private final Domain domain;
  private final Vgic vgic;
  private final SpinLock lock;
  private final SharedInterrupts shared;
  private final SpiState state;
  private final PhysicalSpis physical;
  private final SpiDispatch dispatch;

  @BootOnly
  VgicSpis(
      Domain domain,
      Vgic vgic,
      SpinLock lock,
      SpiState state,
      PhysicalSpis physical,
      SpiDispatch dispatch) {
    this.domain = domain;
    this.vgic = vgic;
    this.lock = lock;
    this.shared = vgic.shared;
    this.state = state;
    this.physical = physical;
    this.dispatch = dispatch;
  }

  // Sources

  /** An edge of {@code intid}; nothing if the domain has no such SPI. */
  void inject(int intid) {
    if (intid < vgic.lines()) {
      lock.lock();
      state.latch(intid);
      dispatch.dispatch(intid);
      lock.unlock();
    }
  }

  /** The wire of {@code intid}; nothing if the domain has no such SPI. */
  void setLevel(int intid, boolean level) {
    if (intid >= vgic.lines()) {
      return;
    }
    lock.lock();
    if (level) {
      IntidBits.add(shared.line, intid);
      dispatch.dispatch(intid);
    } else {
      IntidBits.remove(shared.line, intid);
      if (state.isByLevelAlone(intid)) {
        dispatch.withdraw(intid, false);
      }
    }
    lock.unlock();
  }

  /** Physical SPI {@code intid}, this domain's, is active; the guest is to deactivate it. */
  void physicalInterrupt(int intid) {
    lock.lock();
    state.latchPhysical(intid);
    dispatch.dispatch(intid);
    lock.unlock();
  }

  // Registers; word is not 0

  void enable(int word, int bits) {
    lock.lock();
    int fresh = bits & ~shared.enabled[word];
    shared.enabled[word] |= bits;
    for (int left = fresh; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      if (physical.isGiven(intid)) {
        physical.enable(intid, dispatch.target(intid));
      }
      dispatch.dispatch(intid);
    }
    lock.unlock();
  }

  void disable(int word, int bits) {
    lock.lock();
    int stopped = bits & shared.enabled[word];
    shared.enabled[word] &= ~bits;
    for (int left = stopped; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      if (physical.isGiven(intid)) {
        Interrupts.gic().disable(0, intid);
      }
      dispatch.withdraw(intid, true);
    }
    lock.unlock();
  }

  /** Also what is pending in list registers, if those can be seen from here. */
  int pending(int word) {
    return shared.pendingBits(word) | listedBits(word, true);
  }

  void setPending(int word, int bits) {
    for (int left = bits; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      if (physical.isGiven(intid)) {
        Interrupts.gic().setPending(0, intid, true); // comes back as a physical interrupt
      } else {
        inject(intid);
      }
    }
  }

  void clearPending(int word, int bits) {
    lock.lock();
    for (int left = bits; left != 0; left &= left - 1) {
      clearPending(word * 32 + Integer.numberOfTrailingZeros(left));
    }
    lock.unlock();
  }

  private void clearPending(int intid) {
    if (physical.isGiven(intid)) {
      Interrupts.gic().setPending(0, intid, false);
    }
    dispatch.withdraw(intid, false);
    IntidBits.remove(shared.latched, intid);
    if (state.isPhysical(intid)) {
      state.forgetPhysical(intid);
      Interrupts.gic().setActive(0, intid, false);
    }
    dispatch.dispatch(intid); // by level it is pending still
  }

  /** Also what is active in list registers, if those can be seen from here. */
  int active(int word) {
    return shared.active[word] | listedBits(word, false);
  }

  void setActive(int word, int bits) {
    int already = active(word);
    lock.lock();
    shared.active[word] |= bits & ~already;
    lock.unlock();
  }

  void clearActive(int word, int bits) {
    lock.lock();
    shared.active[word] &= ~bits;
    for (int left = bits; left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      dispatch.endListed(intid);
      dispatch.dispatch(intid);
    }
    lock.unlock();
  }

  private int listedBits(int word, boolean pending) {
    int bits = 0;
    for (int i = 0; i < domain.vcpuCount; i++) {
      bits |= domain.vcpus[i].vgic.listedBits(word, pending);
    }
    return bits;
  }

  void setEdge(int word, int mask, int edge) {
    lock.lock();
    int changed = (shared.edge[word] ^ edge) & mask;
    shared.edge[word] = shared.edge[word] & ~mask | edge & mask;
    for (int left = changed & physical.given(word); left != 0; left &= left - 1) {
      int intid = word * 32 + Integer.numberOfTrailingZeros(left);
      Interrupts.gic().setEdge(0, intid, (edge >>> (intid & 31) & 1) != 0);
    }
    lock.unlock();
  }

  void setRoute(int intid, int route, boolean anyCpu) {
    lock.lock();
    shared.route[intid] = route;
    if (anyCpu) {
      IntidBits.add(shared.anyCpu, intid);
    } else {
      IntidBits.remove(shared.anyCpu, intid);
    }
    VgicCpu target = IntidBits.contains(shared.enabled, intid) ? dispatch.target(intid) : null;
    if (target != null) {
      physical.follow(intid, target);
    }
    dispatch.dispatch(intid);
    lock.unlock();
  }
}
