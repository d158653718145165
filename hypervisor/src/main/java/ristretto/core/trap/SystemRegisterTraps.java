package ristretto.core.trap;

import ristretto.arch.Pstate;
import ristretto.arch.SysRegAccess;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Vgic;
import ristretto.core.time.GuestTimer;
import ristretto.lang.Inline;
import ristretto.machine.SysReg;

/** MRS and MSR that trap. What has no rule is undefined for the guest (SECURITY rule 14). */
final class SystemRegisterTraps {
  private SystemRegisterTraps() {}

  @Inline
  static TrapOutcome onAccess(Vcpu vcpu, TrapFrame frame, SysRegAccess access) {
    if (access.isIdRegister() && access.isRead()) {
      frame.setX(access.register(), vcpu.cpu.idRegisters.value(access.crm(), access.op2()));
      return TrapOutcome.ADVANCE;
    }
    if (access.encoding() == SysReg.ICC_SGI1R_EL1.encoding() && !access.isRead()) {
      Vgic.sgi(vcpu, frame.x(access.register()));
      return TrapOutcome.ADVANCE;
    }
    return other(vcpu, frame, access);
  }

  private static TrapOutcome other(Vcpu vcpu, TrapFrame frame, SysRegAccess access) {
    int encoding = access.encoding();
    if (GuestTimer.owns(encoding)) {
      GuestTimer.access(vcpu, encoding, access.isRead(), access.register());
      return TrapOutcome.ADVANCE;
    }
    if ((frame.spsr() & Pstate.MODE_MASK) == Pstate.MODE_EL0T) {
      return TrapOutcome.UNDEFINED;
    }
    return switch (SystemRegisterRules.of(encoding)) {
      case READ_ZERO_IGNORE_WRITE -> {
        if (access.isRead()) {
          frame.setX(access.register(), 0);
        }
        yield TrapOutcome.ADVANCE;
      }
      case OS_LOCK_STATUS -> {
        if (!access.isRead()) {
          yield TrapOutcome.UNDEFINED;
        }
        frame.setX(access.register(), SystemRegisterRules.OS_LOCK_IMPLEMENTED_OPEN);
        yield TrapOutcome.ADVANCE;
      }
      case REVISION -> {
        if (!access.isRead()) {
          yield TrapOutcome.UNDEFINED;
        }
        frame.setX(access.register(), SysReg.REVIDR_EL1.read());
        yield TrapOutcome.ADVANCE;
      }
      default -> TrapOutcome.UNDEFINED;
    };
  }
}
