package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/**
 * sysctl, Dom0 alone: the machine as a whole. x0: {@code struct xen_sysctl}. {@code
 * xen/include/public/sysctl.h}. Copied in and back as {@link DomctlOp} does.
 */
final class SysctlOp {
  private SysctlOp() {}

  @Cold
  static long call(Vcpu caller, TrapFrame frame) {
    if (!caller.domain.privileged) {
      return Errno.EPERM;
    }
    Toolstack.LOCK.lock();
    long result = serve(caller, frame.x(0));
    Toolstack.LOCK.unlock();
    return result;
  }

  @Cold
  private static long serve(Vcpu caller, long guest) {
    if (!Scratch.copyArgument(caller, guest, Sysctl.SIZEOF)) {
      return Errno.EFAULT;
    }
    Sysctl argument = new Sysctl(Scratch.argument());
    if (!argument.isKnownVersion()) {
      return Errno.EACCES;
    }
    long result = dispatch(caller, argument);
    if ((result >= 0 || result == Hypercalls.CONTINUE)
        && !Scratch.returnArgument(caller, guest, Sysctl.SIZEOF)) {
      return Errno.EFAULT;
    }
    return result;
  }

  @Cold
  private static long dispatch(Vcpu caller, Sysctl argument) {
    return switch (argument.command()) {
      default -> Errno.ENOSYS;
    };
  }
}
