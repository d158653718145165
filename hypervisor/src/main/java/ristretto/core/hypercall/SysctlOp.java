package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlCommand;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/**
 * sysctl, Dom0 alone: the machine as a whole. x0: {@code struct xen_sysctl}. {@code
 * xen/include/public/sysctl.h}. Copied in and back as {@link DomctlOp} does.
 */
@Cold
final class SysctlOp {
  private SysctlOp() {}

  @Cold
  static long call(Vcpu caller, TrapFrame frame) {
    if (!caller.domain.privileged) {
      return Errno.EPERM;
    }
    Toolstack.LOCK.lock();
    DomainEnd.reap();
    long result = serve(caller, frame.x(0));
    Toolstack.LOCK.unlock();
    return result;
  }

  private static long serve(Vcpu caller, long guest) {
    if (!Scratch.copyArgument(caller, guest, Sysctl.SIZEOF)) {
      return Errno.EFAULT;
    }
    Sysctl argument = new Sysctl(Scratch.argument());
    if (!argument.isKnownVersion()) {
      return Errno.EACCES;
    }
    long result = dispatch(caller, argument);
    if (isAnswered(result) && !Scratch.returnArgument(caller, guest, Sysctl.SIZEOF)) {
      return Errno.EFAULT;
    }
    return result;
  }

  /** The caller's structure gets the copy's content: the answer, or where to go on. */
  private static boolean isAnswered(long result) {
    return result >= 0 || result == Hypercalls.CONTINUE || result == Errno.ENOBUFS;
  }

  private static long dispatch(Vcpu caller, Sysctl argument) {
    return switch (argument.command()) {
      case SysctlCommand.READ_CONSOLE -> LogOp.read(caller, argument);
      case SysctlCommand.PHYSICAL_INFO -> MachineInfoOp.physical(argument);
      case SysctlCommand.SCHEDULER_ID -> MachineInfoOp.scheduler(argument);
      case SysctlCommand.GET_DOMAIN_INFO_LIST -> DomainInfoOp.list(caller, argument);
      case SysctlCommand.DEBUG_KEYS -> LogOp.press(caller, argument);
      case SysctlCommand.GET_CPU_INFO -> MachineInfoOp.cpus(caller, argument);
      case SysctlCommand.AVAILABLE_HEAP -> MachineInfoOp.heap(argument);
      case SysctlCommand.CPU_TOPOLOGY -> MachineInfoOp.topology(caller, argument);
      case SysctlCommand.NUMA_INFO -> MachineInfoOp.nodes(caller, argument);
      case SysctlCommand.CPU_POOL -> CpuPoolOp.call(caller, argument);
      case SysctlCommand.SCHEDULER_OP -> CpuPoolOp.schedule(argument);
      default -> Errno.ENOSYS;
    };
  }
}
