package ristretto.core.trap;

import ristretto.abi.TraceEvent;
import ristretto.abi.Virq;
import ristretto.arch.Esr;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.event.Dom0Virq;
import ristretto.core.interrupt.Interrupts;
import ristretto.core.trace.TraceBuffer;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * Records of what trapped, why, and how long it took to serve. Here is also where Dom0 is told that
 * a buffer has become half full: no lock is held.
 */
@Cold
final class TrapTrace {
  /** Who, syndrome, ticks, detail in two. */
  private static final int TRAP_WORDS = 5;

  /** Who, INTID, ticks. */
  private static final int INTERRUPT_WORDS = 3;

  private TrapTrace() {}

  /** What was trapped is about to be served; the record is put when it has been. */
  static void begin(Cpu cpu, TrapFrame frame) {
    Esr esr = Esr.read();
    begin(cpu, TraceEvent.TRAP, esr.bits(), detail(frame, esr));
  }

  /** Interrupts are about to be served, the first of which gives its number to the record. */
  static void beginInterrupt(Cpu cpu) {
    begin(cpu, TraceEvent.INTERRUPT, Interrupts.gic().highestPending(), 0);
  }

  private static void begin(Cpu cpu, int event, long cause, long detail) {
    cpu.askToRecord();
    TraceBuffer trace = cpu.trace;
    trace.served = event;
    trace.cause = cause;
    trace.detail = detail;
    trace.servedSince = SysReg.CNTPCT_EL0.read();
  }

  /**
   * What the syndrome does not say: of a hypercall its number and, in the upper half, its first
   * argument; of a firmware call its function; of an abort the address; else where it was.
   */
  private static long detail(TrapFrame frame, Esr esr) {
    return switch (esr.ec()) {
      case Esr.EC_HVC64, Esr.EC_SMC64 ->
          esr.immediate() == Traps.SMCCC_TAG
              ? frame.x(0)
              : Bits.get(frame.x(16), 31, 0) | frame.x(0) << Integer.SIZE;
      case Esr.EC_DATA_ABORT_LOWER, Esr.EC_INSTRUCTION_ABORT_LOWER -> Aborts.intermediateAddress();
      default -> frame.elr();
    };
  }

  /** The record of what has been served. */
  static void served(Cpu cpu) {
    TraceBuffer trace = cpu.trace;
    long who = Integer.toUnsignedLong(cpu.servedVcpu().traceId());
    long ticks = Math.min(SysReg.CNTPCT_EL0.read() - trace.servedSince, Bits.mask(31, 0));
    int words = trace.served == TraceEvent.TRAP ? TRAP_WORDS : INTERRUPT_WORDS;
    long first = who | trace.cause << Integer.SIZE;
    long second = ticks | trace.detail << Integer.SIZE;
    trace.put(trace.served, words, first, second, trace.detail >>> Integer.SIZE);
    tellReader(cpu);
  }

  private static void tellReader(Cpu cpu) {
    if (cpu.trace.takeDue()) {
      Dom0Virq.send(Virq.TBUF);
    }
  }
}
