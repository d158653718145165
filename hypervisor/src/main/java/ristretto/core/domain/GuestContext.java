package ristretto.core.domain;

import ristretto.abi.VcpuContext;
import ristretto.arch.Pstate;
import ristretto.arch.TrapFrame;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/** The registers of a vCPU as its domain's controller sets and sees them. */
public final class GuestContext {
  /** What a guest's PSTATE may hold: NZCV, DIT, UAO and PAN, SSBS, the masks and the mode. */
  private static final long PSTATE =
      Bits.mask(31, 28) | Bits.mask(24, 22) | Bits.bit(12) | Bits.mask(9, 6) | Bits.mask(4, 0);

  private GuestContext() {}

  /**
   * Gives {@code vcpu}, which is held and on no CPU, registers to go on with; all else of one that
   * never ran is as {@link Vcpu#start} leaves it.
   *
   * @return false, and nothing is changed, if an AArch64 guest cannot be in that state
   */
  @Cold
  public static boolean set(Vcpu vcpu, VcpuContext context) {
    long pstate = context.get(VcpuContext.CPSR);
    if (!isAArch64(pstate)) {
      return false;
    }
    if (!vcpu.initialised) {
      vcpu.reset();
    }
    TrapFrame frame = vcpu.frame;
    for (int i = 0; i < VcpuContext.GENERAL_REGISTERS; i++) {
      frame.setX(i, context.x(i));
    }
    frame.setElr(context.get(VcpuContext.PC));
    frame.setSpsr(pstate & PSTATE);
    El1Context el1 = vcpu.el1;
    el1.spsr = context.get(VcpuContext.SPSR_EL1);
    el1.spEl0 = context.get(VcpuContext.SP_EL0);
    el1.spEl1 = context.get(VcpuContext.SP_EL1);
    el1.elr = context.get(VcpuContext.ELR_EL1);
    el1.sctlr = context.get(VcpuContext.SCTLR) | El1Context.SCTLR_EL1_RESET;
    el1.tcr = context.get(VcpuContext.TTBCR);
    el1.ttbr0 = context.get(VcpuContext.TTBR0);
    el1.ttbr1 = context.get(VcpuContext.TTBR1);
    if (Bits.isSet(context.flags(), VcpuContext.FLAG_ONLINE)) {
      Scheduler.resume(vcpu, PauseReason.OFFLINE);
    } else {
      Scheduler.pause(vcpu, PauseReason.OFFLINE);
    }
    return true;
  }

  /** Fills in {@code context}, which is zero, for {@code vcpu}, which is held and on no CPU. */
  @Cold
  public static void get(Vcpu vcpu, VcpuContext context) {
    TrapFrame frame = vcpu.frame;
    for (int i = 0; i < VcpuContext.GENERAL_REGISTERS; i++) {
      context.setX(i, frame.x(i));
    }
    context.set(VcpuContext.PC, frame.elr());
    context.set(VcpuContext.CPSR, frame.spsr());
    El1Context el1 = vcpu.el1;
    context.set(VcpuContext.SPSR_EL1, el1.spsr);
    context.set(VcpuContext.SP_EL0, el1.spEl0);
    context.set(VcpuContext.SP_EL1, el1.spEl1);
    context.set(VcpuContext.ELR_EL1, el1.elr);
    context.set(VcpuContext.SCTLR, el1.sctlr);
    context.set(VcpuContext.TTBCR, el1.tcr);
    context.set(VcpuContext.TTBR0, el1.ttbr0);
    context.set(VcpuContext.TTBR1, el1.ttbr1);
    context.setFlags(vcpu.isOffline() ? 0 : (int) Bits.bit(VcpuContext.FLAG_ONLINE));
  }

  /** A mode of EL0 or EL1 in AArch64. */
  private static boolean isAArch64(long pstate) {
    return switch ((int) pstate & Pstate.MODE_MASK) {
      case Pstate.MODE_EL0T, Pstate.MODE_EL1T, Pstate.MODE_EL1H -> true;
      default -> false;
    };
  }
}
