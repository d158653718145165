package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Hvmop;
import ristretto.abi.Hvmop.Param;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/**
 * hvm_op: parameters by which the toolstack tells a domain where its rings and ports are. x0:
 * operation, x1: {@code struct xen_hvm_param}. {@code xen/include/public/hvm/params.h}.
 */
final class HvmOp {
  private HvmOp() {}

  @Cold
  static long call(Vcpu vcpu, TrapFrame frame) {
    int operation = (int) frame.x(0);
    if (operation != Hvmop.GET_PARAM && operation != Hvmop.SET_PARAM) {
      return Errno.ENOSYS;
    }
    long guest = frame.x(1);
    if (!Scratch.copyArgument(vcpu, guest, Param.SIZEOF)) {
      return Errno.EFAULT;
    }
    Param argument = new Param(Scratch.argument());
    if (Integer.compareUnsigned(argument.index(), Hvmop.PARAM_COUNT) >= 0) {
      return Errno.EINVAL;
    }
    return operation == Hvmop.GET_PARAM
        ? getParameter(vcpu, guest, argument)
        : setParameter(vcpu, argument);
  }

  private static long getParameter(Vcpu vcpu, long guest, Param argument) {
    int index = argument.index();
    Domain domain = Domains.controlled(vcpu, argument.domainId());
    if (domain == null) {
      return Domains.refusal(vcpu, argument.domainId());
    }
    if (!isReadable(index)) {
      return Errno.EINVAL;
    }
    argument.setValue(
        index == Hvmop.PARAM_CALLBACK_IRQ ? callback(domain) : domain.hvmParameters[index]);
    return Scratch.returnArgument(vcpu, guest, Param.SIZEOF) ? Errno.OK : Errno.EFAULT;
  }

  /** Those that Xen on Arm shows. */
  private static boolean isReadable(int index) {
    return switch (index) {
      case Hvmop.PARAM_CALLBACK_IRQ,
          Hvmop.PARAM_STORE_PFN,
          Hvmop.PARAM_STORE_EVTCHN,
          Hvmop.PARAM_CONSOLE_PFN,
          Hvmop.PARAM_CONSOLE_EVTCHN,
          Hvmop.PARAM_MONITOR_RING_PFN ->
          true;
      default -> false;
    };
  }

  /**
   * How events are signalled: a PPI, level-triggered and active low, as the device tree says too.
   */
  private static long callback(Domain domain) {
    long value = Bits.put(0L, 63, 56, Hvmop.CALLBACK_TYPE_PPI);
    value = Bits.put(value, 15, 8, Hvmop.CALLBACK_FLAG_LOW_LEVEL);
    return Bits.put(value, 7, 0, domain.eventInterrupt);
  }

  /**
   * What is a parameter to the guest is the toolstack's to set: a domain does not rewire itself.
   */
  private static long setParameter(Vcpu vcpu, Param argument) {
    int index = argument.index();
    Domain domain = Domains.named(vcpu, argument.domainId());
    if (domain == null) {
      return Errno.ESRCH;
    }
    if (!vcpu.domain.privileged) {
      return Errno.EPERM;
    }
    if (index == Hvmop.PARAM_CALLBACK_IRQ) {
      return Errno.OK; // libxl clears it for every HVM guest; the interrupt on Arm is fixed
    }
    domain.hvmParameters[index] = argument.value();
    return Errno.OK;
  }
}
