package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Xenpf;
import ristretto.abi.Xenpf.Operation;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;
import ristretto.core.time.Wallclock;
import ristretto.lang.Cold;

/** platform_op, Dom0 alone: it sets the time of day. x0: {@code struct xen_platform_op}. */
final class PlatformOp {
  private static final long NANOSECONDS_PER_SECOND = 1_000_000_000;

  /** Later than that, nanoseconds since 1970 do not fit 64 bits. */
  private static final long SECONDS_LIMIT = 1L << 34;

  private PlatformOp() {}

  @Cold
  static long call(Vcpu vcpu, TrapFrame frame) {
    if (!vcpu.domain.privileged) {
      return Errno.EPERM;
    }
    if (!Scratch.copyArgument(vcpu, frame.x(0), Operation.SIZEOF)) {
      return Errno.EFAULT;
    }
    Operation operation = new Operation(Scratch.argument());
    if (operation.interfaceVersion() != Xenpf.INTERFACE_VERSION) {
      return Errno.EACCES;
    }
    return switch (operation.command()) {
      case Xenpf.SETTIME64 -> setTime(operation);
      default -> Errno.ENOSYS;
    };
  }

  private static long setTime(Operation operation) {
    if (operation.mustBeZero() != 0
        || operation.nanoseconds() >= NANOSECONDS_PER_SECOND
        || Long.compareUnsigned(operation.seconds(), SECONDS_LIMIT) >= 0) {
      return Errno.EINVAL;
    }
    Wallclock.set(operation.seconds(), operation.nanoseconds(), operation.systemTime());
    return Errno.OK;
  }
}
