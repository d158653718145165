package ristretto.vdev.gic;

import ristretto.arch.gic.IchHcr;
import ristretto.arch.gic.IchVmcr;
import ristretto.arch.gic.ListRegister;
import ristretto.lang.Bits;
import ristretto.lang.HostOnly;

/**
 * One CPU's virtual interface: the hypervisor's side (list registers and control, ICH_* or GICH)
 * and the guest's (ICV_* or GICV). IHI 0069, "Virtual interrupt handling and prioritization".
 */
@HostOnly
public final class VirtualInterface {
  private final PhysicalGic gic;
  private final int cpu;
  private final long[] registers;
  private final ActivePriorities priorities = new ActivePriorities();
  private int hcr;
  private int vmcr;
  private long accesses;

  VirtualInterface(PhysicalGic gic, int cpu, int count) {
    this.gic = gic;
    this.cpu = cpu;
    this.registers = new long[count];
  }

  // The hypervisor's side

  public int count() {
    return registers.length;
  }

  /** How often the hypervisor has touched this interface: for tests of what an exit costs. */
  public long accesses() {
    return accesses;
  }

  public long listRegister(int n) {
    accesses++;
    return registers[n];
  }

  public void setListRegister(int n, long bits) {
    accesses++;
    ListRegister register = new ListRegister(bits);
    if (register.isHardware() && register.isPending() && register.isActive()) {
      throw new IllegalStateException("pending and active with HW set is UNPREDICTABLE");
    }
    registers[n] = bits;
    gic.update();
  }

  /** ELRSR. */
  public int empty() {
    accesses++;
    int bits = 0;
    for (int n = 0; n < registers.length; n++) {
      ListRegister register = new ListRegister(registers[n]);
      bits |= register.isInactive() && !register.hasEndInterrupt() ? 1 << n : 0;
    }
    return bits;
  }

  /** EISR. */
  public int ended() {
    int bits = 0;
    for (int n = 0; n < registers.length; n++) {
      ListRegister register = new ListRegister(registers[n]);
      bits |= register.isInactive() && register.hasEndInterrupt() ? 1 << n : 0;
    }
    return bits;
  }

  public int hcr() {
    return hcr;
  }

  public void setHcr(int bits) {
    accesses++;
    hcr = bits;
    gic.update();
  }

  public int vmcr() {
    accesses++;
    return vmcr;
  }

  public void setVmcr(int bits) {
    accesses++;
    vmcr = bits;
  }

  public int activePriorities() {
    accesses++;
    return priorities.bits();
  }

  public void setActivePriorities(int bits) {
    accesses++;
    priorities.set(bits);
  }

  boolean needsMaintenance() {
    if ((hcr & IchHcr.ENABLE) == 0) {
      return false;
    }
    int valid = 0;
    int pending = 0;
    for (long bits : registers) {
      ListRegister register = new ListRegister(bits);
      valid += register.isInactive() ? 0 : 1;
      pending += register.isPending() ? 1 : 0;
    }
    return ended() != 0
        || (hcr & IchHcr.UNDERFLOW) != 0 && valid <= 1
        || (hcr & IchHcr.NONE_PENDING) != 0 && pending == 0;
  }

  // The guest's side

  /** The guest's priority mask, and both group enables. */
  public void guestEnables(int priorityMask) {
    vmcr = Bits.put(3, 31, 24, priorityMask);
  }

  /** Is the guest's interrupt input high? */
  public boolean isSignalled() {
    return signalled() >= 0;
  }

  private int signalled() {
    IchVmcr control = new IchVmcr(vmcr);
    int best = -1;
    for (int n = 0; n < registers.length && (hcr & IchHcr.ENABLE) != 0; n++) {
      ListRegister register = new ListRegister(registers[n]);
      boolean enabled = register.isGroup1() ? control.group1Enabled() : control.group0Enabled();
      if (enabled
          && register.isPending()
          && !register.isActive()
          && (register.priority() & 0xf8) < control.priorityMask()
          && (register.priority() & 0xf8) < priorities.running()
          && (best < 0 || register.priority() < new ListRegister(registers[best]).priority())) {
        best = n;
      }
    }
    return best;
  }

  /** The guest reads IAR. */
  public int acknowledge() {
    int n = signalled();
    if (n < 0) {
      return PhysicalGic.SPURIOUS;
    }
    ListRegister register = new ListRegister(registers[n]);
    priorities.push(register.priority());
    registers[n] = register.withPending(false).withActive(true).bits();
    gic.update();
    return register.intid();
  }

  /** The guest writes EOIR, with EOImode 0. */
  public void end(int intid) {
    priorities.pop();
    for (int n = 0; n < registers.length; n++) {
      ListRegister register = new ListRegister(registers[n]);
      if (register.isActive() && register.intid() == intid) {
        registers[n] = register.withActive(false).bits();
        if (register.isHardware()) {
          gic.deactivatedByGuest(cpu, register.physical());
        }
        break;
      }
    }
    gic.updateForGuest();
  }
}
