package ristretto.core.hypercall;

import ristretto.abi.ConsoleIo;
import ristretto.abi.Errno;
import ristretto.arch.TrapFrame;
import ristretto.core.console.Console;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/**
 * console_io. x0: read or write, x1: bytes, x2: buffer. {@code xen/include/public/xen.h}. The count
 * is unsigned, 32 bits; a long text is written in pieces, between which interrupts are served.
 */
final class ConsoleIoOp {
  /** Bytes handed to the console in one go: the time on the wire of a slow UART counts here. */
  private static final int PIECE = Console.GUEST_CHUNK;

  private ConsoleIoOp() {}

  @Cold
  static long call(Vcpu vcpu, TrapFrame frame) {
    return switch ((int) frame.x(0)) {
      case ConsoleIo.WRITE -> write(vcpu, frame);
      case ConsoleIo.READ -> read(vcpu, frame);
      default -> Errno.ENOSYS;
    };
  }

  private static long write(Vcpu vcpu, TrapFrame frame) {
    long count = Bits.get(frame.x(1), 31, 0);
    long guest = frame.x(2);
    int piece = (int) Math.min(count, PIECE);
    if (piece == 0) {
      return Errno.OK;
    }
    long buffer = Scratch.buffer();
    if (!GuestMemory.copyIn(vcpu, guest, buffer, piece)) {
      return Errno.EFAULT;
    }
    Console.system().writeGuest(vcpu.domain.console, buffer, piece);
    if (piece == count) {
      return Errno.OK;
    }
    frame.setX(1, count - piece);
    frame.setX(2, guest + piece);
    return Hypercalls.CONTINUE;
  }

  /** Returns how many bytes of what was typed could be had; only Dom0 has the keyboard. */
  private static long read(Vcpu vcpu, TrapFrame frame) {
    if (!vcpu.domain.privileged) {
      return Errno.EPERM;
    }
    long count = Bits.get(frame.x(1), 31, 0);
    if (count > Integer.MAX_VALUE) {
      return Errno.E2BIG;
    }
    long buffer = Scratch.buffer();
    int piece = Console.system().input().read(buffer, (int) Math.min(count, Scratch.BUFFER_SIZE));
    return piece == 0 || GuestMemory.copyOut(vcpu, frame.x(2), buffer, piece)
        ? piece
        : Errno.EFAULT;
  }
}
