package ristretto.core.interrupt;

import static ristretto.fuzz.Check.check;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ristretto.arch.gic.ListRegister;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.GuestTimer;
import ristretto.fuzz.Fields;
import ristretto.sim.SimulatedGic;
import ristretto.vdev.gic.VirtualInterface;

/**
 * List registers against what is noted of them: an interrupt is in one register of a vCPU at most,
 * a shared one in those of one vCPU, and a register is tied to a physical interrupt only if that
 * was given to the domain, or is the timer's.
 */
public final class VgicAudit {
  private final SimulatedGic gic;

  private VgicAudit(SimulatedGic gic) {
    this.gic = gic;
  }

  /** Checks all vCPUs of all domains. */
  public static void compare(SimulatedGic gic) {
    VgicAudit audit = new VgicAudit(gic);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        audit.compare(domain);
      }
    }
  }

  private void compare(Domain domain) {
    Set<Integer> shared = new HashSet<>();
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      Set<Integer> own = new HashSet<>();
      Cpu holder = vcpu.loadedOn;
      for (int n = 0; n < gic.virtualInterface(0).count(); n++) {
        ListRegister register = register(vcpu, holder, n);
        if (!register.isInactive()) {
          check(own.add(register.intid()), "%s is listed twice", new Listed(vcpu, register));
          examine(register, vcpu, shared, domain.isDying());
        }
      }
    }
  }

  /** Of a vCPU that is loaded, in the CPU; else what was saved. */
  private ListRegister register(Vcpu vcpu, @Nullable Cpu holder, int n) {
    if (holder != null) {
      VirtualInterface hardware = gic.virtualInterface(holder.index);
      return new ListRegister(hardware.listRegister(n));
    }
    Object saved = Fields.value(vcpu.vgic, "cpuInterface");
    boolean used = (Fields.number(saved, "savedMask") >>> n & 1) != 0;
    return used ? new ListRegister(((long[]) Fields.value(saved, "saved"))[n]) : ListRegister.EMPTY;
  }

  private static void examine(
      ListRegister register, Vcpu vcpu, Set<Integer> shared, boolean dying) {
    int intid = register.intid();
    Vgic vgic = vcpu.domain.vgic;
    check(intid < vgic.lines(), "%s: there is no such interrupt", new Listed(vcpu, register));
    if (intid >= 32) {
      check(shared.add(intid), "%s is listed by another vCPU, too", new Listed(vcpu, register));
      check(
          vgic.spiState.listedAt(intid) == vcpu.id,
          "%s, but noted is %d",
          new Listed(vcpu, register),
          vgic.spiState.listedAt(intid));
    }
    if (register.isHardware()) {
      boolean timer =
          intid == GuestTimer.VIRTUAL_TIMER && register.physical() == Interrupts.virtualTimer();
      boolean given = register.physical() == intid && (dying || Interrupts.guestOf(intid) == vgic);
      check(timer || given, "%s: not the domain's interrupt", new Listed(vcpu, register));
    }
  }

  private record Listed(Vcpu vcpu, ListRegister register) {
    @Override
    public String toString() {
      return "domain %d, vCPU %d: 0x%x".formatted(vcpu.domain.id, vcpu.id, register.bits());
    }
  }
}
