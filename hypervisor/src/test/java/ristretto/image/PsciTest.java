package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.lang.Bits;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;
import ristretto.sim.Switching;

/** Dom0's firmware: what each call answers and does. Arm DEN 0022, DEN 0028. */
class PsciTest {
  private static final String OPTIONS = "console=dtuart dtuart=serial0 dom0_mem=256M";
  private static final long ENTRY = 0x4800_2000L;
  private static final long DATA = 0x4900_0000L;

  private static final long CPU_SUSPEND = 0xc400_0001L;
  private static final long CPU_OFF = 0x8400_0002L;
  private static final long CPU_ON = 0xc400_0003L;
  private static final long AFFINITY_INFO = 0xc400_0004L;
  private static final long PSCI_FEATURES = 0x8400_000aL;

  private static final long NOT_SUPPORTED = -1;
  private static final long INVALID_PARAMETERS = -2;
  private static final long ALREADY_ON = -4;
  private static final long INVALID_ADDRESS = -9;
  private static final long ON = 0;
  private static final long OFF = 1;

  @Test
  void startsAndStopsVcpus() {
    FreshImage.run(OnAndOff.class);
  }

  static final class OnAndOff implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(2, 3, OPTIONS, Switching.RANDOM);
      boot.onSecondary(guest -> {
        assertEquals(ENTRY, guest.pc());
        guest.store(DATA, 4, 1);
        guest.firmware(CPU_OFF); // goes on with the next CPU_ON
        assertEquals(ENTRY + 0x100, guest.pc());
        guest.store(DATA, 4, 2);
        while (true) {
          guest.waitForInterrupt();
        }
      });
      boot.board
          .machine()
          .run(() -> {
            var guest = boot.bootHere();
            assertEquals(OFF, guest.firmware(AFFINITY_INFO, 1, 0));
            assertEquals(ON, guest.firmware(AFFINITY_INFO, 0, 0));
            assertEquals(INVALID_PARAMETERS, guest.firmware(AFFINITY_INFO, 7, 0));
            assertEquals(INVALID_PARAMETERS, guest.firmware(AFFINITY_INFO, 1, 1));
            assertEquals(INVALID_PARAMETERS, guest.firmware(CPU_ON, 7, ENTRY, 0));
            assertEquals(INVALID_ADDRESS, guest.firmware(CPU_ON, 1, ENTRY + 2, 0));
            assertEquals(INVALID_ADDRESS, guest.firmware(CPU_ON, 1, 0x900_0000L, 0));
            assertEquals(INVALID_ADDRESS, guest.firmware(CPU_ON, 1, -4, 0));
            assertEquals(0, guest.firmware(CPU_ON, 1, ENTRY, 0));
            assertEquals(ALREADY_ON, guest.firmware(CPU_ON, 1, ENTRY, 0));
            while (guest.load(DATA, 4) != 1 || guest.firmware(AFFINITY_INFO, 1, 0) != OFF) {
              guest.spin();
            }
            assertEquals(0, guest.firmware(CPU_ON, 1, ENTRY + 0x100, 0));
            while (guest.load(DATA, 4) != 2) {
              guest.spin();
            }
            assertEquals(ON, guest.firmware(AFFINITY_INFO, 1, 0));
          });
    }
  }

  @Test
  void suspendWaitsForAnInterrupt() {
    FreshImage.run(Suspend.class);
  }

  static final class Suspend implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      boot.board
          .machine()
          .run(() -> {
            var guest = boot.bootHere();
            guest.store(0x0800_0000L, 4, 3);
            guest.enablePrivateInterrupt(27);
            guest.enableInterrupts();
            long start = SysReg.CNTVCT_EL0.read();
            SysReg.CNTV_CVAL_EL0.write(start + 1_000_000);
            SysReg.CNTV_CTL_EL0.write(1);
            assertEquals(0, guest.firmware(CPU_SUSPEND, 0, 0, 0));
            assertTrue(SysReg.CNTVCT_EL0.read() - start >= 1_000_000);
          });
    }
  }

  @Test
  void forwardsNothingToFirmware() {
    FreshImage.run(Forwarding.class);
  }

  static final class Forwarding implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      boot.board
          .machine()
          .run(() -> {
            var guest = boot.bootHere();
            boot.board
                .machine()
                .secureMonitor((cpu, x) -> {
                  throw new AssertionError("a guest's call %x reached EL3".formatted(x[0]));
                });
            // Every owner, fast and yielding, 32-bit and 64-bit; PSCI's own unknown functions.
            for (int owner = 0; owner < 64; owner++) {
              for (int kind = 0; kind < 4; kind++) {
                long function = (long) kind << 30 | (long) owner << 24 | 0x77;
                assertEquals(NOT_SUPPORTED, guest.firmware(function), Long.toHexString(function));
                long pc = guest.pc();
                assertEquals(NOT_SUPPORTED, guest.secureMonitorCall(function));
                assertEquals(pc + 4, guest.pc());
              }
            }
            assertEquals(NOT_SUPPORTED, guest.firmware(0x8400_001fL));
            assertEquals(NOT_SUPPORTED, guest.firmware(PSCI_FEATURES, 0x8400_001fL));
            assertEquals(0, guest.firmware(PSCI_FEATURES, CPU_OFF));
          });
    }
  }

  /**
   * Every encoding, read and written: a value, nothing, or Undefined; and never the machine's end.
   */
  @Test
  void everySystemRegisterThatTrapsIsAnsweredOrUndefined() {
    FreshImage.run(Sweep.class);
  }

  static final class Sweep implements Runnable {
    private static final long SYNCHRONOUS_EL1 = 0x200;

    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      boot.board
          .machine()
          .stepLimit(1L << 34)
          .run(() -> {
            var guest = boot.bootHere();
            long pstate = guest.pstate();
            int undefined = 0;
            for (int encoding = 2 << 14; encoding < 1 << 16; encoding++) {
              for (int direction = 0; direction < 2; direction++) {
                long pc = guest.pc();
                guest.systemRegister(encoding, direction == 0);
                if (guest.pc() != pc + 4) {
                  assertEquals(SYNCHRONOUS_EL1, guest.pc() & 0x7ff, where(encoding));
                  assertEquals(pc, SysReg.ELR_EL1.read(), where(encoding));
                  assertEquals(0, Bits.get(SysReg.ESR_EL1.read(), 31, 26), where(encoding));
                  guest.setPstate(pstate);
                  undefined++;
                }
              }
            }
            // 32768 encodings, two directions; what has an answer is a few hundred.
            assertTrue(undefined > 65536 - 400, "only " + undefined + " are undefined");
          });
    }

    private static String where(int encoding) {
      return "op0 %d op1 %d c%d c%d %d"
          .formatted(
              encoding >> 14,
              encoding >> 11 & 7,
              encoding >> 7 & 15,
              encoding >> 3 & 15,
              encoding & 7);
    }
  }
}
