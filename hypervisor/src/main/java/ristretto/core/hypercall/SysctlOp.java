package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlCommand;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/** sysctl: the machine as a whole. {@code xen/include/public/sysctl.h}. */
@Cold
final class SysctlOp extends ToolstackOp {
  static final SysctlOp CALL = new SysctlOp();

  private SysctlOp() {
    super(Sysctl.SIZEOF);
  }

  @Override
  boolean isKnownVersion(long argument) {
    return new Sysctl(argument).isKnownVersion();
  }

  /** ENOBUFS comes with the size that would do. */
  @Override
  boolean isAnswered(long argument, long result) {
    return result >= 0 || result == Errno.ENOBUFS;
  }

  @Override
  long dispatch(Vcpu caller, long address) {
    Sysctl argument = new Sysctl(address);
    return switch (argument.command()) {
      case SysctlCommand.READ_CONSOLE -> LogOp.read(caller, argument);
      case SysctlCommand.TRACE_BUFFERS -> TraceOp.call(caller, argument);
      case SysctlCommand.PHYSICAL_INFO -> MachineInfoOp.physical(argument);
      case SysctlCommand.SCHEDULER_ID -> MachineInfoOp.scheduler(argument);
      case SysctlCommand.GET_DOMAIN_INFO_LIST -> DomainInfoOp.list(caller, argument);
      case SysctlCommand.DEBUG_KEYS -> LogOp.press(caller, argument);
      case SysctlCommand.GET_CPU_INFO -> MachineInfoOp.cpus(caller, argument);
      case SysctlCommand.AVAILABLE_HEAP -> MachineInfoOp.heap(argument);
      case SysctlCommand.CPU_TOPOLOGY -> MachineInfoOp.topology(caller, argument);
      case SysctlCommand.NUMA_INFO -> MachineInfoOp.nodes(caller, argument);
      case SysctlCommand.CPU_POOL -> CpuPoolOp.call(caller, argument);
      case SysctlCommand.SCHEDULER_OP -> SchedulingOp.ofPool(caller, argument);
      case SysctlCommand.COVERAGE_OP, SysctlCommand.DT_OVERLAY -> Errno.EOPNOTSUPP;
      default -> Errno.ENOSYS;
    };
  }
}
