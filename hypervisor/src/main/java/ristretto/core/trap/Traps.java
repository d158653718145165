package ristretto.core.trap;

import ristretto.arch.DataAbort;
import ristretto.arch.Esr;
import ristretto.arch.SysRegAccess;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.ContextSwitch;
import ristretto.core.domain.SystemErrors;
import ristretto.core.domain.Vcpu;
import ristretto.core.hypercall.Hypercalls;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Cold;
import ristretto.lang.Export;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.lang.TrapRoot;

/**
 * Exceptions from a guest, as the vector code delivers them. Each root returns the frame to resume,
 * which is another vCPU's if the scheduler chose so.
 */
public final class Traps {
  /**
   * HVC immediate of Xen's hypercalls. xen/include/public/arch-arm.h, "Hypercall calling
   * convention".
   */
  private static final int XEN_HYPERCALL_TAG = 0xea1;

  /** HVC and SMC immediate of calls by the SMC calling convention. Arm DEN 0028. */
  static final int SMCCC_TAG = 0;

  private Traps() {}

  /** Synchronous exception from a lower exception level. */
  @TrapRoot
  @Export("trap_sync")
  static long onSync(long frameAddress) {
    Cpu cpu = Cpu.current();
    TrapFrame frame = new TrapFrame(frameAddress);
    if (cpu.tracing) {
      TrapTrace.begin(cpu, frame); // before anything is read that would have to be kept for later
    }
    Vcpu vcpu = cpu.servedVcpu();
    Esr esr = Esr.read();
    if (esr.isHvc(XEN_HYPERCALL_TAG)) {
      Hypercalls.dispatch(vcpu, frame);
    } else {
      handle(cpu, vcpu, frame, esr);
    }
    return resume(cpu, frame);
  }

  /** Interrupt from a lower exception level. */
  @TrapRoot
  @Export("trap_irq")
  static long onIrq(long frameAddress) {
    Cpu cpu = Cpu.current();
    if (cpu.tracing) {
      TrapTrace.beginInterrupt(cpu);
    }
    Interrupts.handlePending();
    return resume(cpu, new TrapFrame(frameAddress));
  }

  /** SError from a lower exception level: it is that guest's alone. */
  @TrapRoot
  @Export("trap_serror")
  static long onSError(long frameAddress) {
    Cpu cpu = Cpu.current();
    SystemErrors.inject();
    return resume(cpu, new TrapFrame(frameAddress));
  }

  @Inline
  private static long resume(Cpu cpu, TrapFrame frame) {
    return cpu.hasExitWork() ? leave(cpu, frame) : frame.address();
  }

  @NoInline
  private static long leave(Cpu cpu, TrapFrame frame) {
    if (cpu.takeRecord()) {
      TrapTrace.served(cpu);
    }
    return cpu.mustReschedule() ? Scheduler.choose(cpu).address() : frame.address();
  }

  /** Each case completes its own outcome, so that the compiler sees which outcomes it has. */
  @Inline
  private static void handle(Cpu cpu, Vcpu vcpu, TrapFrame frame, Esr esr) {
    switch (esr.ec()) {
      case Esr.EC_DATA_ABORT_LOWER ->
          complete(vcpu, esr, Aborts.onData(vcpu, frame, new DataAbort(esr.iss())));
      case Esr.EC_SYSREG ->
          complete(
              vcpu, esr, SystemRegisterTraps.onAccess(vcpu, frame, new SysRegAccess(esr.iss())));
      case Esr.EC_HVC64 -> {
        if (esr.immediate() == SMCCC_TAG) {
          SmcCalls.call(vcpu, frame);
        } else {
          complete(vcpu, esr, onUnknownHvc(frame));
        }
      }
      case Esr.EC_WFX -> complete(vcpu, esr, onWfi(cpu, vcpu, esr));
      default -> complete(vcpu, esr, seldom(vcpu, frame, esr));
    }
  }

  @NoInline
  private static TrapOutcome seldom(Vcpu vcpu, TrapFrame frame, Esr esr) {
    return switch (esr.ec()) {
      case Esr.EC_FP -> onFloatingPoint(vcpu);
      case Esr.EC_SMC64 -> onSmc(vcpu, frame, esr);
      case Esr.EC_INSTRUCTION_ABORT_LOWER -> Aborts.onInstruction(vcpu, new DataAbort(esr.iss()));
      default -> TrapOutcome.UNDEFINED;
    };
  }

  @Inline
  private static void complete(Vcpu vcpu, Esr esr, TrapOutcome outcome) {
    if (outcome == TrapOutcome.ADVANCE) {
      vcpu.advance(esr.instructionSize());
    } else if (outcome == TrapOutcome.UNDEFINED) {
      Injection.undefined(vcpu, esr.il());
    } else if (outcome == TrapOutcome.ABORT) {
      Injection.externalAbort(vcpu, esr);
    }
  }

  /** Its return address is behind the HVC; the Undefined exception is taken at the HVC itself. */
  private static TrapOutcome onUnknownHvc(TrapFrame frame) {
    frame.repeatCall();
    return TrapOutcome.UNDEFINED;
  }

  private static TrapOutcome onSmc(Vcpu vcpu, TrapFrame frame, Esr esr) {
    if (esr.immediate() != SMCCC_TAG) {
      return TrapOutcome.UNDEFINED;
    }
    // Step over the instruction before the call: CPU_ON of oneself, say, must not see it again.
    vcpu.advance(4);
    SmcCalls.call(vcpu, frame);
    return TrapOutcome.RESUME;
  }

  @Inline
  private static TrapOutcome onWfi(Cpu cpu, Vcpu vcpu, Esr esr) {
    if (esr.isWfe()) {
      Scheduler.letOthersRun(cpu);
    } else {
      Blocking.waitForInterrupt(vcpu);
    }
    return TrapOutcome.ADVANCE;
  }

  @Cold
  private static TrapOutcome onFloatingPoint(Vcpu vcpu) {
    ContextSwitch.giveFloatingPoint(vcpu);
    return TrapOutcome.RESUME;
  }
}
