package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.MulticallEntry;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.NoInline;

/**
 * multicall: a list of hypercalls, one after the other, each with its result in its entry. {@code
 * xen/include/public/xen.h}, {@code struct multicall_entry}. An entry's arguments stand in x0 to x4
 * while it is made, as if the guest had called; a multicall in a multicall is refused.
 */
final class Multicall {
  private static final int ARGUMENTS = 5;

  /** Entries made in one go, before interrupts are looked at (SECURITY rule 8). */
  private static final int SLICE = 16;

  private Multicall() {}

  /** x0: entries, x1: their number. */
  @NoInline
  static long call(Vcpu vcpu, TrapFrame frame) {
    long list = frame.x(0);
    long count = frame.x(1);
    long x2 = frame.x(2);
    long x3 = frame.x(3);
    long x4 = frame.x(4);
    int done = 0;
    long result = Errno.OK;
    while (done != count && result == Errno.OK) {
      // A vCPU that is to stop stops here too, not at the end of its list (XSA-213).
      boolean pause = done == SLICE || (done != 0 && Cpu.current().mustReschedule());
      result =
          pause
              ? Hypercalls.CONTINUE
              : entry(vcpu, frame, list + (long) done * MulticallEntry.SIZEOF);
      if (result == Errno.OK) {
        done++;
      }
    }
    frame.setX(0, list + (long) done * MulticallEntry.SIZEOF);
    frame.setX(1, count - done);
    frame.setX(2, x2);
    frame.setX(3, x3);
    frame.setX(4, x4);
    return result;
  }

  /** Returns 0 when the entry is done, CONTINUE when it is to be made again, or EFAULT. */
  private static long entry(Vcpu vcpu, TrapFrame frame, long guest) {
    MulticallEntry entry = new MulticallEntry(Scratch.multicallEntry());
    if (!GuestMemory.copyIn(vcpu, guest, entry.address(), MulticallEntry.SIZEOF)) {
      return Errno.EFAULT;
    }
    for (int i = 0; i < ARGUMENTS; i++) {
      frame.setX(i, entry.argument(i));
    }
    long result =
        entry.op() == HypercallNumber.MULTICALL
            ? Errno.EINVAL
            : Hypercalls.single(entry.op(), vcpu, frame);
    if (result == Hypercalls.CONTINUE) {
      return suspend(vcpu, frame, entry, guest);
    }
    entry.setResult(result);
    return copyOut(vcpu, guest, entry, MulticallEntry.RESULT, Long.BYTES) ? Errno.OK : Errno.EFAULT;
  }

  /** The entry goes on where it stopped when the multicall is made again. */
  private static long suspend(Vcpu vcpu, TrapFrame frame, MulticallEntry entry, long guest) {
    for (int i = 0; i < ARGUMENTS; i++) {
      entry.setArgument(i, frame.x(i));
    }
    return copyOut(vcpu, guest, entry, MulticallEntry.ARGS, ARGUMENTS * Long.BYTES)
        ? Hypercalls.CONTINUE
        : Errno.EFAULT;
  }

  private static boolean copyOut(
      Vcpu vcpu, long guest, MulticallEntry entry, int offset, int size) {
    return GuestMemory.copyOut(vcpu, guest + offset, entry.address() + offset, size);
  }
}
