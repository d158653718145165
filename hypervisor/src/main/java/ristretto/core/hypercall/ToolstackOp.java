package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Cold;

/**
 * What domctl and sysctl share. They are Dom0's alone, and served one at a time, so that the life
 * cycle of domains has no races among Dom0's vCPUs. Permission is checked before the lock is asked
 * for (SECURITY rule 6), and each request is bounded or continued, so that nobody waits for long.
 *
 * <p>x0: the structure. It is copied in here, once; a command works on the copy, and what it
 * answers is copied back from there.
 */
@Cold
abstract class ToolstackOp {
  static final SpinLock LOCK = new SpinLock(LockRank.TOOLSTACK);

  private final int size;

  /**
   * @param size bytes of the structure
   */
  ToolstackOp(int size) {
    this.size = size;
  }

  final long call(Vcpu caller, TrapFrame frame) {
    if (!caller.domain.privileged) {
      return Errno.EPERM;
    }
    LOCK.lock();
    DomainEnd.reap();
    long result = serve(caller, frame.x(0));
    LOCK.unlock();
    return result;
  }

  private long serve(Vcpu caller, long guest) {
    if (!Scratch.copyArgument(caller, guest, size)) {
      return Errno.EFAULT;
    }
    long argument = Scratch.argument();
    if (!isKnownVersion(argument)) {
      return Errno.EACCES;
    }
    long result = dispatch(caller, argument);
    boolean answered = result == Hypercalls.CONTINUE || isAnswered(argument, result);
    return answered && !Scratch.returnArgument(caller, guest, size) ? Errno.EFAULT : result;
  }

  /** The caller's release is one whose layouts are known. */
  abstract boolean isKnownVersion(long argument);

  /** An error, a result from 0 up, or {@link Hypercalls#CONTINUE}: the copy says where to go on. */
  abstract long dispatch(Vcpu caller, long argument);

  /** The caller's structure gets the copy's content. */
  abstract boolean isAnswered(long argument, long result);
}
