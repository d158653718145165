package ristretto.core.interrupt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import ristretto.arch.gic.Gicd;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.Domain;
import ristretto.driver.gic.Gic;
import ristretto.lang.BootOnly;

/**
 * The physical SPIs that were given to a domain: its SPIs of the same numbers stand for them, and
 * it deactivates them itself. The VGIC lock is taken by those who give and take, and held by the
 * callers of the rest.
 */
final class PhysicalSpis {
  private final Domain domain;
  private final Vgic vgic;
  private final SpinLock lock;
  private final SpiState state;

  private final int[] given;

  @BootOnly
  PhysicalSpis(Domain domain, Vgic vgic, SpinLock lock, SpiState state) {
    this.domain = domain;
    this.vgic = vgic;
    this.lock = lock;
    this.state = state;
    this.given = new int[vgic.shared.capacity() / 32];
  }

  void reset() {
    Arrays.fill(given, 0);
  }

  /** See {@link Vgic#giveInterrupt}. */
  boolean give(int intid) {
    if (intid < Gicd.FIRST_SPI || intid >= Math.min(vgic.lines(), Interrupts.gic().lines())) {
      return false;
    }
    lock.lock();
    boolean free =
        !domain.isDying() && !Interrupts.isOwn(intid) && Interrupts.guestOf(intid) == null;
    if (free) {
      IntidBits.add(given, intid);
      Interrupts.setGuest(intid, vgic);
    }
    lock.unlock();
    return free;
  }

  /** See {@link Vgic#takeInterrupt}. */
  void take(int intid) {
    lock.lock();
    if (Interrupts.guestOf(intid) == vgic) {
      Gic gic = Interrupts.gic();
      gic.disable(0, intid);
      gic.setPending(0, intid, false);
      gic.setActive(0, intid, false);
      Interrupts.setGuest(intid, null);
      IntidBits.remove(given, intid);
      state.forgetPhysical(intid);
    }
    lock.unlock();
  }

  void takeAll() {
    for (int intid = Gicd.FIRST_SPI; intid < Interrupts.gic().lines(); intid++) {
      if (Interrupts.guestOf(intid) == vgic) {
        take(intid);
      }
    }
  }

  boolean isGiven(int intid) {
    return IntidBits.contains(given, intid);
  }

  /** SPIs of the domain's {@code word} that stand for physical ones. */
  int given(int word) {
    return given[word];
  }

  /** The guest enables {@code intid}: it comes to the CPU where {@code target} is, or else here. */
  void enable(int intid, @Nullable VgicCpu target) {
    Cpu cpu = target == null ? null : target.holder();
    Gic gic = Interrupts.gic();
    gic.setTarget(intid, cpu == null ? Cpu.current().index : cpu.index);
    gic.enable(0, intid);
  }

  /** Lets the physical interrupt, if {@code intid} stands for one, come to where its vCPU is. */
  void follow(int intid, VgicCpu target) {
    Cpu cpu = target.holder();
    if (cpu != null && isGiven(intid)) {
      Interrupts.gic().setTarget(intid, cpu.index);
    }
  }
}
