package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlTrace;
import ristretto.abi.SysctlTrace.Operation;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.trace.Trace;
import ristretto.lang.Cold;

/** XEN_SYSCTL_tbuf_op: what is recorded, and where the tool finds it. */
@Cold
final class TraceOp {
  private TraceOp() {}

  static long call(Vcpu caller, Sysctl argument) {
    Operation operation = new Operation(argument.payload());
    return switch (operation.command()) {
      case SysctlTrace.GET_INFO -> {
        operation.set(Trace.events(), Trace.infoFrame(), Trace.infoSize());
        yield Errno.OK;
      }
      case SysctlTrace.SET_CPU_MASK -> setCpus(caller, operation);
      case SysctlTrace.SET_EVENT_MASK -> {
        Trace.setEvents(operation.events());
        yield Errno.OK;
      }
      case SysctlTrace.SET_SIZE -> Trace.setSize(operation.size());
      case SysctlTrace.ENABLE -> enable(true);
      case SysctlTrace.DISABLE -> enable(false);
      default -> Errno.EINVAL;
    };
  }

  private static long setCpus(Vcpu caller, Operation operation) {
    if (!CallerBitmap.read(caller, operation.cpus(), Cpus.MAXIMUM)) {
      return Errno.EFAULT;
    }
    Trace.setCpus(CallerBitmap.members(operation.cpus(), Cpus.MAXIMUM));
    return Errno.OK;
  }

  /** The vCPUs' states are recorded where they change, which not all of their changes look at. */
  private static long enable(boolean on) {
    long result = Trace.enable(on);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      for (int i = 0; domain != null && i < domain.vcpuCount; i++) {
        domain.vcpus[i].runstate.watch();
      }
    }
    return result;
  }
}
