package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Inline;

/**
 * HVC #0xEA1: Xen's hypercalls. Number in x16, arguments from x0 on, result in x0. Each class of
 * this package is one hypercall and takes the calling vCPU and its frame; each of its operations
 * copies its argument in once, checks the copy, asks for permission, acts under a lock, and copies
 * out.
 */
public final class Hypercalls {
  /**
   * Result of an operation that has more to do: it has left in x0 to x4 what it goes on with, and
   * the guest executes the same HVC again. In between interrupts are served and others may run. Not
   * a number that any operation returns.
   */
  static final long CONTINUE = Long.MIN_VALUE;

  private Hypercalls() {}

  /**
   * Number in x16, arguments in x0 to x4; leaves the result in x0, or rewinds to be called again.
   */
  @Inline
  public static void dispatch(Vcpu vcpu, TrapFrame frame) {
    long number = frame.x(16);
    long result =
        number == HypercallNumber.MULTICALL
            ? Multicall.call(vcpu, frame)
            : single(number, vcpu, frame);
    if (result == CONTINUE) {
      frame.repeatCall();
    } else {
      frame.setX(0, result);
    }
  }

  /** Any hypercall but multicall, which calls this for each of its entries. */
  @Inline
  static long single(long number, Vcpu vcpu, TrapFrame frame) {
    if (number == HypercallNumber.EVENT_CHANNEL_OP) {
      return EventChannelOp.call(vcpu, frame); // by far the most frequent
    }
    if (Long.compareUnsigned(number, Integer.MAX_VALUE) > 0) {
      return Errno.ENOSYS;
    }
    return switch ((int) number) {
      case HypercallNumber.XEN_VERSION -> VersionOp.call(vcpu, frame);
      case HypercallNumber.SCHED_OP -> SchedOp.call(vcpu, frame);
      case HypercallNumber.GRANT_TABLE_OP -> GrantTableOp.call(vcpu, frame);
      case HypercallNumber.MEMORY_OP -> MemoryOp.call(vcpu, frame);
      case HypercallNumber.CONSOLE_IO -> ConsoleIoOp.call(vcpu, frame);
      case HypercallNumber.HVM_OP -> HvmOp.call(vcpu, frame);
      case HypercallNumber.VCPU_OP -> VcpuOp.call(vcpu, frame);
      case HypercallNumber.VM_ASSIST -> VmAssist.call(vcpu, frame);
      case HypercallNumber.PLATFORM_OP -> PlatformOp.call(vcpu, frame);
      case HypercallNumber.DOMCTL -> DomctlOp.CALL.call(vcpu, frame);
      case HypercallNumber.SYSCTL -> SysctlOp.CALL.call(vcpu, frame);
      case HypercallNumber.XSM_OP -> SecurityOp.answer(vcpu, frame);
      default -> Errno.ENOSYS;
    };
  }
}
