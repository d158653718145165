package ristretto.core.domain;

import ristretto.core.cpu.Cpu;
import ristretto.core.interrupt.Vgic;
import ristretto.core.mm.GuestWalks;
import ristretto.core.time.GuestTimer;
import ristretto.machine.FloatingPoint;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;
import ristretto.machine.Tlb;

/**
 * Moves vCPUs in and out of a physical CPU. The general registers are not touched: they are in the
 * vCPU's trap frame already. A vCPU stays loaded while its CPU idles, so that blocking and waking
 * costs no switch.
 */
public final class ContextSwitch {
  private ContextSwitch() {}

  /** Makes {@code next} the loaded vCPU of this CPU. */
  public static void to(Cpu cpu, Vcpu next) {
    if (cpu.vcpu == next) {
      return;
    }
    unload(cpu);
    load(cpu, next);
  }

  /** Saves the loaded vCPU, if there is one; from then on any CPU may run it. */
  public static void unload(Cpu cpu) {
    Vcpu vcpu = cpu.vcpu;
    if (vcpu == null) {
      return;
    }
    SystemErrors.save(cpu, vcpu);
    vcpu.el1.save();
    if (vcpu.usesFloatingPoint) {
      FloatingPoint.save(vcpu.floatingPoint);
      vcpu.usesFloatingPoint = false;
      TrapControls.trapFloatingPoint();
    }
    GuestTimer.onSave(vcpu);
    Vgic.onSave(vcpu);
    cpu.vcpu = null;
    vcpu.loadedOn = null; // pairs with the reads in Placement
    Hint.interleave();
  }

  private static void load(Cpu cpu, Vcpu vcpu) {
    Domain domain = vcpu.domain;
    cpu.vcpu = vcpu;
    vcpu.loadedOn = cpu;
    vcpu.frame.setStackTop(cpu.stackTop);
    vcpu.frame.setHistoryRounds(cpu.historyRounds);
    GuestWalks.stop();
    SysReg.HCR_EL2.write(domain.hcr | vcpu.systemError);
    TrapControls.forgetDeferredErrors();
    SysReg.VTTBR_EL2.write(domain.p2m.vttbr());
    SysReg.VMPIDR_EL2.write(vcpu.mpidr);
    forgetOtherVcpusTranslations(cpu, vcpu);
    vcpu.el1.load();
    Vgic.onLoad(vcpu);
    GuestTimer.onLoad(vcpu);
  }

  /**
   * vCPUs of a domain share a VMID, but each may have private mappings under the same ASID: what
   * another one left in this CPU's TLB must go. Arm ARM DDI 0487, "VMID".
   */
  private static void forgetOtherVcpusTranslations(Cpu cpu, Vcpu vcpu) {
    int[] last = vcpu.domain.lastVcpuOnCpu;
    if (last[cpu.index] != vcpu.id) {
      last[cpu.index] = vcpu.id;
      Tlb.vmalle1();
    }
  }

  /** The guest used a floating-point register for the first time since it was loaded. */
  public static void giveFloatingPoint(Vcpu vcpu) {
    TrapControls.allowFloatingPoint();
    FloatingPoint.restore(vcpu.floatingPoint);
    vcpu.usesFloatingPoint = true;
  }
}
