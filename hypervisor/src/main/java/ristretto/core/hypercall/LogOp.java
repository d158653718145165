package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlLog.Keys;
import ristretto.abi.SysctlLog.ReadConsole;
import ristretto.core.console.Console;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/** The hypervisor's log and its debug keys, for the toolstack. */
@Cold
final class LogOp {
  /**
   * Bytes that one call hands out at most; the tools read on where it ended. They ask for 16 KiB.
   */
  private static final int MOST = 16 * 1024;

  private LogOp() {}

  /** XEN_SYSCTL_readconsole. */
  static long read(Vcpu caller, Sysctl argument) {
    ReadConsole read = new ReadConsole(argument.payload());
    Console console = Console.system();
    int start = read.isIncremental() ? console.logResume(read.index()) : console.logStart();
    int room = (int) Math.min(read.count(), MOST);
    int done = 0;
    while (done < room) {
      int part = Math.min(room - done, Scratch.BUFFER_SIZE);
      int count = console.readLog(start + done, Scratch.buffer(), part);
      if (count == 0) {
        break;
      }
      if (!GuestMemory.copyOut(caller, read.buffer() + done, Scratch.buffer(), count)) {
        return Errno.EFAULT;
      }
      done += count;
    }
    if (read.clears()) {
      console.clearLog(start + done);
    }
    read.set(start + done, done);
    return Errno.OK;
  }

  /** XEN_SYSCTL_debug_keys: one key in each trap, because what it reports may be long. */
  static long press(Vcpu caller, Sysctl argument) {
    Keys keys = new Keys(argument.payload());
    if (keys.count() == 0) {
      return Errno.OK;
    }
    if (!GuestMemory.copyIn(caller, keys.keys(), Scratch.buffer(), 1)) {
      return Errno.EFAULT;
    }
    Console.system().keys().press(Memory.load8(Scratch.buffer()));
    keys.set(keys.keys() + 1, keys.count() - 1);
    return keys.count() == 0 ? Errno.OK : Hypercalls.CONTINUE;
  }
}
