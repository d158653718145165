package ristretto.core.sched;

import org.jspecify.annotations.Nullable;
import ristretto.abi.TraceEvent;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.SystemTime;
import ristretto.core.trace.Trace;
import ristretto.core.trace.TraceBuffer;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/** Records of what a CPU goes on with. The CPU's idle time is a vCPU of DOMID_IDLE, as in Xen. */
@Cold
final class SwitchTrace {
  /** The time that it may run for, in the upper of two words: not said. */
  private static final long UNBOUNDED = -1L << Integer.SIZE;

  private SwitchTrace() {}

  /** {@code cpu} has chosen {@code next}, or nothing; the scheduler's lock is held. */
  static void chosen(Cpu cpu, @Nullable Vcpu next, boolean yielded, long now) {
    TraceBuffer trace = cpu.trace;
    int idle = Trace.IDLE | cpu.index;
    int before = trace.runner;
    int after = next == null ? idle : next.traceId();
    if (yielded) {
      trace.put(TraceEvent.YIELD, 2, Trace.words(before), 0, 0);
    }
    if (before == after) {
      trace.put(TraceEvent.CONTINUE_RUNNING, 1, after, 0, 0);
      return;
    }
    int ran = (int) SystemTime.toNanoseconds(now - trace.runsSince);
    trace.put(TraceEvent.SWITCH_PREVIOUS, 3, Trace.words(before), ran, 0);
    trace.put(TraceEvent.SWITCH_NEXT, 4, Trace.words(after), waited(next, now) | UNBOUNDED, 0);
    trace.put(TraceEvent.SWITCH, 4, Trace.words(before), Trace.words(after), 0);
    if (before == idle) {
      change(trace, RunstateInfo.RUNNING, RunstateInfo.RUNNABLE, idle);
    } else if (after == idle) {
      change(trace, RunstateInfo.RUNNABLE, RunstateInfo.RUNNING, idle);
    }
    trace.runner = after;
    trace.runsSince = now;
  }

  private static long waited(@Nullable Vcpu next, long now) {
    if (next == null || next.runstate.state() != RunstateInfo.RUNNABLE) {
      return 0;
    }
    return Bits.get(next.runstate.nanosecondsInState(now), 31, 0);
  }

  private static void change(TraceBuffer trace, int from, int to, int who) {
    trace.put(TraceEvent.runstateChange(from, to), 1, who, 0, 0);
  }
}
