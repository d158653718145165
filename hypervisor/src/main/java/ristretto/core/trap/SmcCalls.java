package ristretto.core.trap;

import ristretto.arch.Smccc;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Mitigations;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Inline;

/**
 * Calls by the SMC calling convention, by HVC #0 or by SMC #0. Nothing is forwarded to firmware but
 * what {@link SipFirewall} lets through: a function without a case is unknown (SECURITY rule 14).
 * Arm DEN 0028.
 */
final class SmcCalls {
  private SmcCalls() {}

  @Inline
  static void call(Vcpu vcpu, TrapFrame frame) {
    int function = (int) frame.x(0);
    frame.setX(
        0,
        Psci.isFunction(function)
            ? Psci.call(vcpu, frame, function)
            : answer(vcpu, frame, function));
  }

  private static long answer(Vcpu vcpu, TrapFrame frame, int function) {
    return switch (function) {
      case Smccc.VERSION -> Smccc.VERSION_1_2;
      case Smccc.ARCH_FEATURES -> feature((int) frame.x(1));
      // Entering EL2 did the work, where there is any.
      case Smccc.ARCH_WORKAROUND_1, Smccc.ARCH_WORKAROUND_2, Smccc.ARCH_WORKAROUND_3 ->
          Mitigations.offered(function) >= 0 ? 0 : Smccc.NOT_SUPPORTED;
      default ->
          SipFirewall.isConcerned(function)
              ? SipFirewall.call(vcpu, frame, function)
              : Smccc.NOT_SUPPORTED;
    };
  }

  private static long feature(int function) {
    return switch (function) {
      case Smccc.VERSION, Smccc.ARCH_FEATURES -> 0;
      default -> Mitigations.offered(function);
    };
  }
}
