package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Evtchnop;
import ristretto.abi.Evtchnop.AllocUnbound;
import ristretto.abi.Evtchnop.BindInterdomain;
import ristretto.abi.Evtchnop.BindIpi;
import ristretto.abi.Evtchnop.BindVcpu;
import ristretto.abi.Evtchnop.BindVirq;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.abi.Evtchnop.ExpandArray;
import ristretto.abi.Evtchnop.InitControl;
import ristretto.abi.Evtchnop.Port;
import ristretto.abi.Evtchnop.Reset;
import ristretto.abi.Evtchnop.SetPriority;
import ristretto.abi.Evtchnop.Status;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.event.Bindings;
import ristretto.core.event.Connections;
import ristretto.core.event.FifoSetup;
import ristretto.core.event.PortStatus;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;

/**
 * event_channel_op. x0: operation, x1: its structure. {@code xen/include/public/event_channel.h}.
 * Physical interrupts are not bound to ports on Arm.
 */
final class EventChannelOp {
  private EventChannelOp() {}

  @Inline
  static long call(Vcpu vcpu, TrapFrame frame) {
    int operation = (int) frame.x(0);
    if (operation == Evtchnop.SEND) {
      return send(vcpu, frame.x(1));
    }
    return operation == Evtchnop.UNMASK
        ? unmask(vcpu, frame.x(1))
        : other(vcpu, operation, frame.x(1));
  }

  @Cold
  private static long other(Vcpu vcpu, int operation, long guest) {
    return switch (operation) {
      case Evtchnop.CLOSE -> close(vcpu, guest);
      case Evtchnop.STATUS -> status(vcpu, guest);
      case Evtchnop.ALLOC_UNBOUND -> allocateUnbound(vcpu, guest);
      case Evtchnop.BIND_INTERDOMAIN -> bindInterdomain(vcpu, guest);
      case Evtchnop.BIND_VIRQ -> bindVirq(vcpu, guest);
      case Evtchnop.BIND_IPI -> bindIpi(vcpu, guest);
      case Evtchnop.BIND_VCPU -> bindVcpu(vcpu, guest);
      case Evtchnop.RESET -> reset(vcpu, guest);
      case Evtchnop.INIT_CONTROL -> initControl(vcpu, guest);
      case Evtchnop.EXPAND_ARRAY -> expandArray(vcpu, guest);
      case Evtchnop.SET_PRIORITY -> setPriority(vcpu, guest);
      case Evtchnop.BIND_PIRQ -> Errno.EOPNOTSUPP; // not on Arm: devices interrupt through the GIC
      default -> Errno.ENOSYS;
    };
  }

  @NoInline
  private static long send(Vcpu vcpu, long guest) {
    long port = Scratch.word(vcpu, guest); // struct evtchn_send
    return port < 0 ? Errno.EFAULT : vcpu.domain.events.send((int) port);
  }

  @NoInline
  private static long unmask(Vcpu vcpu, long guest) {
    long port = Scratch.word(vcpu, guest); // struct evtchn_unmask
    return port < 0 ? Errno.EFAULT : vcpu.domain.events.unmask((int) port);
  }

  private static long close(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, Port.SIZEOF)) {
      return Errno.EFAULT;
    }
    return Connections.close(vcpu.domain, new Port(Scratch.argument()).port());
  }

  /** Another domain's ports are its own and Dom0's business. */
  private static long status(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, Status.SIZEOF)) {
      return Errno.EFAULT;
    }
    Status status = new Status(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, status.dom());
    if (domain == null) {
      return Domains.refusal(vcpu, status.dom());
    }
    long result = PortStatus.fill(domain.events, status.port(), status);
    return result == Errno.OK ? answer(vcpu, guest, Status.SIZEOF) : result;
  }

  private static long allocateUnbound(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, AllocUnbound.SIZEOF)) {
      return Errno.EFAULT;
    }
    AllocUnbound argument = new AllocUnbound(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, argument.dom());
    if (domain == null) {
      return Domains.refusal(vcpu, argument.dom());
    }
    int remote = Domains.numberOf(vcpu, argument.remoteDom());
    long port = Bindings.allocateUnbound(domain.events, remote);
    if (port < 0) {
      return port;
    }
    argument.setPort((int) port);
    return answerOrClose(vcpu, domain, guest, AllocUnbound.SIZEOF, port);
  }

  private static long bindInterdomain(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, BindInterdomain.SIZEOF)) {
      return Errno.EFAULT;
    }
    BindInterdomain argument = new BindInterdomain(Scratch.argument());
    Domain remote = Domains.named(vcpu, argument.remoteDom());
    if (remote == null) {
      return Errno.ESRCH;
    }
    long port = Connections.bind(vcpu.domain, remote, argument.remotePort());
    if (port < 0) {
      return port;
    }
    argument.setLocalPort((int) port);
    return answerOrClose(vcpu, vcpu.domain, guest, BindInterdomain.SIZEOF, port);
  }

  private static long bindVirq(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, BindVirq.SIZEOF)) {
      return Errno.EFAULT;
    }
    BindVirq argument = new BindVirq(Scratch.argument());
    long port = Bindings.bindVirq(vcpu.domain.events, argument.virq(), argument.vcpu());
    if (port < 0) {
      return port;
    }
    argument.setPort((int) port);
    return answerOrClose(vcpu, vcpu.domain, guest, BindVirq.SIZEOF, port);
  }

  private static long bindIpi(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, BindIpi.SIZEOF)) {
      return Errno.EFAULT;
    }
    BindIpi argument = new BindIpi(Scratch.argument());
    long port = Bindings.bindIpi(vcpu.domain.events, argument.vcpu());
    if (port < 0) {
      return port;
    }
    argument.setPort((int) port);
    return answerOrClose(vcpu, vcpu.domain, guest, BindIpi.SIZEOF, port);
  }

  private static long bindVcpu(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, BindVcpu.SIZEOF)) {
      return Errno.EFAULT;
    }
    BindVcpu argument = new BindVcpu(Scratch.argument());
    return Bindings.bindVcpu(vcpu.domain.events, argument.port(), argument.vcpu());
  }

  private static long reset(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, Reset.SIZEOF)) {
      return Errno.EFAULT;
    }
    Reset argument = new Reset(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, argument.dom());
    if (domain == null) {
      return Domains.refusal(vcpu, argument.dom());
    }
    return Connections.reset(domain) ? Errno.OK : Hypercalls.CONTINUE;
  }

  private static long initControl(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, InitControl.SIZEOF)) {
      return Errno.EFAULT;
    }
    InitControl argument = new InitControl(Scratch.argument());
    long result =
        FifoSetup.initControl(
            vcpu.domain.events, argument.vcpu(), argument.controlGfn(), argument.offset());
    if (result != Errno.OK) {
      return result;
    }
    argument.setLinkBits(EventWord.LINK_BITS);
    return answer(vcpu, guest, InitControl.SIZEOF);
  }

  private static long expandArray(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, ExpandArray.SIZEOF)) {
      return Errno.EFAULT;
    }
    return FifoSetup.expandArray(
        vcpu.domain.events, new ExpandArray(Scratch.argument()).arrayGfn());
  }

  private static long setPriority(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, SetPriority.SIZEOF)) {
      return Errno.EFAULT;
    }
    SetPriority argument = new SetPriority(Scratch.argument());
    return FifoSetup.setPriority(vcpu.domain.events, argument.port(), argument.priority());
  }

  private static long answer(Vcpu vcpu, long guest, int size) {
    return Scratch.returnArgument(vcpu, guest, size) ? Errno.OK : Errno.EFAULT;
  }

  /** A port whose number the caller cannot be told is given back. */
  private static long answerOrClose(Vcpu vcpu, Domain domain, long guest, int size, long port) {
    if (Scratch.returnArgument(vcpu, guest, size)) {
      return Errno.OK;
    }
    Connections.close(domain, (int) port);
    return Errno.EFAULT;
  }
}
