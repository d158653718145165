package ristretto.core.trap;

import ristretto.abi.TraceEvent;
import ristretto.abi.Virq;
import ristretto.arch.Esr;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Interrupts;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * Records of what trapped, why, and how long it took to serve. Here is also where Dom0 is told that
 * a buffer has become half full: no lock is held.
 */
@Cold
final class TrapTrace {
  private static final int DOM0 = 0;

  private TrapTrace() {}

  /**
   * What the syndrome does not say: of a hypercall its number and, in the upper half, its first
   * argument; of a firmware call its function; of an abort the address; else where it was.
   */
  static long detail(TrapFrame frame, Esr esr) {
    return switch (esr.ec()) {
      case Esr.EC_HVC64, Esr.EC_SMC64 ->
          esr.immediate() == Traps.SMCCC_TAG
              ? frame.x(0)
              : Bits.get(frame.x(16), 31, 0) | frame.x(0) << Integer.SIZE;
      case Esr.EC_DATA_ABORT_LOWER, Esr.EC_INSTRUCTION_ABORT_LOWER -> Aborts.intermediateAddress();
      default -> frame.elr();
    };
  }

  static void served(Cpu cpu, Vcpu vcpu, Esr esr, long start, long detail) {
    long who = Integer.toUnsignedLong(vcpu.traceId());
    cpu.trace.put(
        TraceEvent.TRAP,
        5,
        who | esr.bits() << Integer.SIZE,
        since(start, detail),
        detail >>> Integer.SIZE);
    tellReader(cpu);
  }

  /** Serves interrupts, the first of which gives its number to the record. */
  static void interrupt(Cpu cpu) {
    long start = SysReg.CNTPCT_EL0.read();
    long intid = Interrupts.gic().highestPending();
    long who = Integer.toUnsignedLong(cpu.servedVcpu().traceId());
    Interrupts.handlePending();
    cpu.trace.put(TraceEvent.INTERRUPT, 3, who | intid << Integer.SIZE, since(start, 0), 0);
    tellReader(cpu);
  }

  /** Two words: ticks from {@code start} to now, and the lower half of {@code above}. */
  private static long since(long start, long above) {
    long ticks = SysReg.CNTPCT_EL0.read() - start;
    return Math.min(ticks, Bits.mask(31, 0)) | above << Integer.SIZE;
  }

  private static void tellReader(Cpu cpu) {
    if (cpu.trace.takeDue()) {
      Domain dom0 = Domains.find(DOM0);
      if (dom0 != null) {
        dom0.events.sendVirq(Virq.TBUF);
      }
    }
  }
}
