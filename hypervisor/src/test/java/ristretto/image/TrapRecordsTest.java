package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlCommand;
import ristretto.abi.SysctlTrace;
import ristretto.abi.SysctlTrace.Operation;
import ristretto.abi.TraceEvent;
import ristretto.core.cpu.Cpu;
import ristretto.core.mm.Frames;
import ristretto.core.trace.Trace;
import ristretto.core.trap.GuestCpu;
import ristretto.machine.Memory;
import ristretto.sim.FreshImage;
import ristretto.sim.Switching;

/** What Dom0's traps leave in the buffer, from the exception to the return to the guest. */
class TrapRecordsTest {
  private static final String OPTIONS =
      "console=dtuart dtuart=serial0 dom0_mem=256M dom0_max_vcpus=1";

  /** Bits 27 to 0 of a record's first word. */
  private static final int EVENT = 0x0fff_ffff;

  private static final int PSCI_VERSION = 0x8400_0000;

  @Test
  void eachTrapIsRecordedOnceWithItsCause() {
    FreshImage.run(Recorded.class);
  }

  static final class Recorded implements Runnable {
    private int at;

    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER, 1);
      boot.board
          .machine()
          .run(() -> {
            GuestCpu dom0 = boot.bootHere();
            assertEquals(Errno.OK, trace(dom0, SysctlTrace.SET_SIZE));
            assertEquals(Errno.OK, trace(dom0, SysctlTrace.ENABLE));
            dom0.firmware(PSCI_VERSION);
            dom0.hypercall(HypercallNumber.XEN_VERSION, 0, 0);
            assertEquals(Errno.OK, trace(dom0, SysctlTrace.DISABLE));
            dom0.firmware(PSCI_VERSION);
            boot.board.machine().observe(this::check);
          });
    }

    private static long trace(GuestCpu dom0, int command) {
      long argument = DomainBuilder.ARGUMENT;
      long payload = argument + Sysctl.PAYLOAD;
      dom0.store(argument, 4, SysctlCommand.TRACE_BUFFERS);
      dom0.store(argument + Sysctl.INTERFACE_VERSION, 4, Sysctl.VERSION_4_17);
      dom0.store(payload + Operation.CMD, 4, command);
      dom0.store(payload + Operation.SIZE, 4, 2);
      return dom0.hypercall(HypercallNumber.SYSCTL, argument);
    }

    /** The call that began to record has none: it was not recorded yet when it came. */
    private void check() {
      at = 8 + 20; // behind the offsets, and the counter's frequency
      trap(0, PSCI_VERSION);
      trap(0xea1, HypercallNumber.XEN_VERSION);
      trap(0xea1, HypercallNumber.SYSCTL);
      assertEquals(at - 8, word(4), "and nothing after recording was ended");
      assertEquals(false, Cpu.current().hasExitWork());
    }

    private void trap(int immediate, int number) {
      assertEquals(TraceEvent.TRAP, word(at) & EVENT);
      assertEquals(0, word(at + 12), "d0v0");
      assertEquals(0x5a00_0000 | immediate, word(at + 16), "ESR_EL2");
      assertEquals(number, word(at + 24));
      at += 32;
    }

    private static int word(int offset) {
      return Memory.load32((Trace.infoFrame() + 1 << Frames.SHIFT) + offset);
    }
  }
}
