package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Vcpuop;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/** vm_assist: x0: enable or disable, x1: which assist. Arm has one: the runstate update flag. */
final class VmAssist {
  private VmAssist() {}

  @Cold
  static long call(Vcpu vcpu, TrapFrame frame) {
    int command = (int) frame.x(0);
    if ((int) frame.x(1) != Vcpuop.ASSIST_RUNSTATE_UPDATE_FLAG) {
      return Errno.EINVAL;
    }
    if (command != Vcpuop.ASSIST_ENABLE && command != Vcpuop.ASSIST_DISABLE) {
      return Errno.ENOSYS;
    }
    boolean enable = command == Vcpuop.ASSIST_ENABLE;
    int assists = vcpu.domain.assists;
    vcpu.domain.assists = (int) Bits.with(assists, Vcpuop.ASSIST_RUNSTATE_UPDATE_FLAG, enable);
    return Errno.OK;
  }
}
