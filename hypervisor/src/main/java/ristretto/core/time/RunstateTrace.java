package ristretto.core.time;

import ristretto.abi.TraceEvent;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.trace.Trace;
import ristretto.lang.Cold;

/**
 * Records of what a vCPU's state becomes. To Xen, waking, blocking and sleeping are events of their
 * own beside the change of the state that they are the reason for.
 */
@Cold
final class RunstateTrace {
  private RunstateTrace() {}

  /** Who runs has been ready for it before, if for no time at all. */
  static void changed(Cpu cpu, Vcpu vcpu, int from, int to) {
    if (from >= RunstateInfo.BLOCKED && to == RunstateInfo.RUNNING) {
      step(cpu, vcpu, from, RunstateInfo.RUNNABLE);
      step(cpu, vcpu, RunstateInfo.RUNNABLE, to);
    } else {
      step(cpu, vcpu, from, to);
    }
  }

  private static void step(Cpu cpu, Vcpu vcpu, int from, int to) {
    int reason = 0;
    if (to == RunstateInfo.BLOCKED) {
      reason = TraceEvent.BLOCK;
    } else if (to == RunstateInfo.OFFLINE) {
      reason = TraceEvent.SLEEP;
    } else if (from >= RunstateInfo.BLOCKED) {
      reason = TraceEvent.WAKE;
    }
    if (reason != 0) {
      cpu.trace.put(reason, 2, Trace.words(vcpu.traceId()), 0, 0);
    }
    cpu.trace.put(TraceEvent.runstateChange(from, to), 1, vcpu.traceId(), 0, 0);
  }
}
