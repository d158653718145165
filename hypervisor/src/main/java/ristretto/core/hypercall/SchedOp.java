package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Schedop;
import ristretto.abi.Schedop.Poll;
import ristretto.abi.Schedop.RemoteShutdown;
import ristretto.abi.Schedop.Shutdown;
import ristretto.abi.Schedop.Watchdog;
import ristretto.arch.Pstate;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.domain.Watchdogs;
import ristretto.core.event.Polling;
import ristretto.core.mm.GuestMemory;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;

/** sched_op: giving the CPU away, and ending. x0: operation, x1: its structure. sched.h. */
final class SchedOp {
  /** Ports that one poll may name, as in Xen. */
  private static final int POLL_PORTS = 128;

  private SchedOp() {}

  @Inline
  static long call(Vcpu vcpu, TrapFrame frame) {
    int operation = (int) frame.x(0);
    if (operation == Schedop.YIELD) {
      Scheduler.letOthersRun(Cpu.current());
      return Errno.OK;
    }
    return other(vcpu, frame, operation);
  }

  @NoInline
  private static long other(Vcpu vcpu, TrapFrame frame, int operation) {
    long guest = frame.x(1);
    return switch (operation) {
      case Schedop.BLOCK -> block(vcpu, frame);
      case Schedop.SHUTDOWN -> shutdown(vcpu, guest);
      case Schedop.POLL -> poll(vcpu, guest);
      case Schedop.REMOTE_SHUTDOWN -> remoteShutdown(vcpu, guest);
      case Schedop.SHUTDOWN_CODE -> shutdownCode(vcpu, guest);
      case Schedop.WATCHDOG -> watchdog(vcpu, guest);
      default -> Errno.ENOSYS;
    };
  }

  /** Lets interrupts in and waits for one: the two together, so that none is missed in between. */
  private static long block(Vcpu vcpu, TrapFrame frame) {
    frame.setSpsr(frame.spsr() & ~Pstate.I);
    Polling.block(vcpu);
    return Errno.OK;
  }

  private static long shutdown(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, Shutdown.SIZEOF)) {
      return Errno.EFAULT;
    }
    int reason = new Shutdown(Scratch.argument()).reason();
    return shutDown(vcpu.domain, reason);
  }

  private static long remoteShutdown(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, RemoteShutdown.SIZEOF)) {
      return Errno.EFAULT;
    }
    RemoteShutdown argument = new RemoteShutdown(Scratch.argument());
    Domain domain = Domains.find(argument.domainId());
    if (domain == null) {
      return Errno.ESRCH;
    }
    return vcpu.domain.privileged ? shutDown(domain, argument.reason()) : Errno.EPERM;
  }

  private static long shutDown(Domain domain, int reason) {
    if (!isReason(reason)) {
      return Errno.EINVAL;
    }
    domain.shutdown(reason);
    return Errno.OK;
  }

  /** The reason of a shutdown that is still to come, whatever is said then. */
  private static long shutdownCode(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, Shutdown.SIZEOF)) {
      return Errno.EFAULT;
    }
    int reason = new Shutdown(Scratch.argument()).reason();
    if (!isReason(reason)) {
      return Errno.EINVAL;
    }
    vcpu.domain.announceShutdown(reason);
    return Errno.OK;
  }

  private static boolean isReason(int reason) {
    return Integer.compareUnsigned(reason, Schedop.REASON_MAX) <= 0;
  }

  private static long watchdog(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, Watchdog.SIZEOF)) {
      return Errno.EFAULT;
    }
    Watchdog argument = new Watchdog(Scratch.argument());
    int number = argument.id();
    Watchdogs watchdogs = vcpu.domain.watchdogs;
    return number == 0
        ? watchdogs.start(argument.timeout())
        : watchdogs.renew(number, argument.timeout());
  }

  private static long poll(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, Poll.SIZEOF)) {
      return Errno.EFAULT;
    }
    Poll argument = new Poll(Scratch.argument());
    int count = argument.portCount();
    if (Integer.compareUnsigned(count, POLL_PORTS) > 0) {
      return Errno.EINVAL;
    }
    long list = Scratch.buffer();
    if (count != 0
        && !GuestMemory.copyIn(vcpu, argument.ports(), list, (long) count * Integer.BYTES)) {
      return Errno.EFAULT;
    }
    return Polling.poll(vcpu, list, count, argument.timeout());
  }
}
