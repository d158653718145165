package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.FlaskOp;
import ristretto.arch.TrapFrame;
import ristretto.core.console.Log;
import ristretto.core.domain.FirmwareGroups;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/**
 * xsm_op: there is no security policy, but labels name what a domain may ask of the firmware, see
 * docs/adr/0014. Of a label that does not, xl says what it says of any under a Xen without a
 * policy.
 */
@Cold
final class SecurityOp extends ToolstackOp {
  private static final SecurityOp CALL = new SecurityOp();

  private SecurityOp() {
    super(FlaskOp.SIZEOF);
  }

  /** Labels are Dom0's business; for others there is no such call, as without a policy. */
  static long answer(Vcpu caller, TrapFrame frame) {
    return caller.domain.privileged ? CALL.call(caller, frame) : Errno.ENOSYS;
  }

  @Override
  boolean isKnownVersion(long argument) {
    return true; // another one's answer is that of a Xen without a policy, below
  }

  @Override
  boolean isAnswered(long argument, long result) {
    return result == Errno.OK;
  }

  @Override
  long dispatch(Vcpu caller, long address) {
    FlaskOp argument = new FlaskOp(address);
    if (argument.version() != FlaskOp.VERSION) {
      return Errno.ENOSYS;
    }
    return switch (argument.command()) {
      case FlaskOp.CONTEXT_TO_SID -> toId(caller, argument);
      case FlaskOp.SID_TO_CONTEXT -> toLabel(caller, argument);
      default -> Errno.ENOSYS;
    };
  }

  private static long toId(Vcpu caller, FlaskOp argument) {
    if (argument.size() > FirmwareGroups.LONGEST_LABEL) {
      return Errno.ENOSYS;
    }
    int length = (int) argument.size();
    if (length != 0 && !GuestMemory.copyIn(caller, argument.label(), Scratch.buffer(), length)) {
      return Errno.EFAULT;
    }
    int groups = FirmwareGroups.parse(Scratch.buffer(), length);
    if (groups == FirmwareGroups.GROUP_OF_DOM0) {
      Log.warn().text("fpga-mgr is Dom0's alone: its buffers are not translated").end();
      return Errno.EOPNOTSUPP;
    }
    if (groups < 0) {
      return groups == FirmwareGroups.OTHER_LABEL ? Errno.ENOSYS : Errno.EINVAL;
    }
    argument.setSecurityId(FirmwareGroups.toSecurityId(groups));
    return Errno.OK;
  }

  private static long toLabel(Vcpu caller, FlaskOp argument) {
    int groups = FirmwareGroups.ofSecurityId(argument.securityId());
    if (groups == FirmwareGroups.NONE) {
      return Errno.ENOSYS;
    }
    int length = FirmwareGroups.print(groups, Scratch.buffer());
    Memory.store8(Scratch.buffer() + length, 0);
    boolean fits = length < argument.size();
    argument.setSize(length + 1);
    if (!fits) {
      return Errno.ERANGE;
    }
    return GuestMemory.copyOut(caller, argument.label(), Scratch.buffer(), length + 1L)
        ? Errno.OK
        : Errno.EFAULT;
  }
}
