package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Vcpuop;
import ristretto.abi.Vcpuop.RegisterRunstate;
import ristretto.abi.Vcpuop.RegisterVcpuInfo;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;
import ristretto.core.event.VcpuInfoPage;
import ristretto.lang.Cold;

/**
 * vcpu_op: where the hypervisor shows a vCPU's state. x0: operation, x1: vCPU, x2: its structure.
 * {@code xen/include/public/vcpu.h}; PSCI starts and stops vCPUs on Arm.
 */
final class VcpuOp {
  private VcpuOp() {}

  @Cold
  static long call(Vcpu vcpu, TrapFrame frame) {
    int operation = (int) frame.x(0);
    long target = frame.x(1);
    long guest = frame.x(2);
    if (!isOffered(operation)) {
      return Errno.EINVAL; // Xen on Arm says so, and not ENOSYS
    }
    if (Long.compareUnsigned(target, vcpu.domain.vcpuCount) >= 0) {
      return Errno.ENOENT;
    }
    Vcpu subject = vcpu.domain.vcpus[(int) target];
    return switch (operation) {
      case Vcpuop.REGISTER_VCPU_INFO -> registerVcpuInfo(vcpu, subject, guest);
      case Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA -> registerRunstate(vcpu, subject, guest, false);
      case Vcpuop.REGISTER_RUNSTATE_PHYS_AREA -> registerRunstate(vcpu, subject, guest, true);
      default -> Errno.EINVAL;
    };
  }

  private static boolean isOffered(int operation) {
    return switch (operation) {
      case Vcpuop.REGISTER_VCPU_INFO,
          Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA,
          Vcpuop.REGISTER_RUNSTATE_PHYS_AREA ->
          true;
      default -> false;
    };
  }

  /** For itself, or for one that is not running yet. */
  private static long registerVcpuInfo(Vcpu vcpu, Vcpu subject, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, RegisterVcpuInfo.SIZEOF)) {
      return Errno.EFAULT;
    }
    if (subject != vcpu && !subject.isOffline()) {
      return Errno.EINVAL;
    }
    RegisterVcpuInfo argument = new RegisterVcpuInfo(Scratch.argument());
    return VcpuInfoPage.register(subject, argument.gfn(), argument.offset());
  }

  private static long registerRunstate(Vcpu vcpu, Vcpu subject, long guest, boolean physical) {
    if (!Scratch.copyArgument(vcpu, guest, RegisterRunstate.SIZEOF)) {
      return Errno.EFAULT;
    }
    return subject.runstate.register(new RegisterRunstate(Scratch.argument()).area(), physical);
  }
}
