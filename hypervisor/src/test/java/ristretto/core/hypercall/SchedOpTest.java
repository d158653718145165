package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Schedop;
import ristretto.arch.Pstate;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.ShutdownReason;
import ristretto.core.event.Bindings;
import ristretto.core.time.SystemTime;
import ristretto.driver.timer.GenericTimer;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;

class SchedOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long LIST = Guest.LIST;

  private static long sched(Guest guest, int operation, long argument) {
    return guest.call(HypercallNumber.SCHED_OP, operation, argument);
  }

  private static boolean isBlocked(Guest guest) {
    return (guest.vcpu.pauses.get() & PauseReason.BLOCKED) != 0;
  }

  private static long poll(Guest guest, int count, long timeout) {
    guest.write64(A, LIST);
    guest.write32(A + 8, count);
    guest.write64(A + 16, timeout);
    return sched(guest, Schedop.POLL, A);
  }

  @Test
  void yieldLetsOthersGoFirst() {
    Guest.domU(guest -> {
      assertEquals(Errno.OK, sched(guest, Schedop.YIELD, 0));
      assertTrue(Cpu.current().yielded && Cpu.current().mustReschedule());
      assertFalse(isBlocked(guest));
    });
  }

  @Test
  void blockLetsInterruptsInAndWaits() {
    Guest.domU(guest -> {
      guest.vcpu.frame.setSpsr(Pstate.MODE_EL1H | Pstate.DAIF);
      assertEquals(Errno.OK, sched(guest, Schedop.BLOCK, 0));
      assertEquals(0, guest.vcpu.frame.spsr() & Pstate.I);
      assertTrue(isBlocked(guest));
    });
  }

  @Test
  void pollDoesNotWaitForWhatIsPending() {
    Guest.domU(guest -> {
      int port = (int) Bindings.bindIpi(guest.domain.events, 0);
      guest.domain.events.send(port);
      guest.write32(LIST, port);
      assertEquals(Errno.OK, poll(guest, 1, 0));
      assertFalse(isBlocked(guest));
    });
  }

  @Test
  void pollWaitsForItsPortAlone() {
    Guest.domU(guest -> {
      int port = (int) Bindings.bindIpi(guest.domain.events, 1);
      int other = (int) Bindings.bindIpi(guest.domain.events, 1);
      guest.write32(LIST, port);
      assertEquals(Errno.OK, poll(guest, 1, 0));
      assertTrue(isBlocked(guest));
      guest.domain.events.send(other);
      assertTrue(isBlocked(guest));
      guest.domain.events.send(port);
      assertFalse(isBlocked(guest));
    });
  }

  @Test
  void pollOfManyPortsEndsWithAny() {
    Guest.domU(guest -> {
      for (int i = 0; i < 4; i++) {
        guest.write32(LIST + 4L * i, (int) Bindings.bindIpi(guest.domain.events, 1));
      }
      assertEquals(Errno.OK, poll(guest, 4, 0));
      assertTrue(isBlocked(guest));
      guest.domain.events.send(3);
      assertFalse(isBlocked(guest));
    });
  }

  @Test
  void pollEndsWithItsTime() {
    Guest.domU(guest -> {
      long deadline = SystemTime.now() + 1_000_000;
      assertEquals(Errno.OK, poll(guest, 0, deadline));
      assertTrue(isBlocked(guest));
      Cpu.current().timers.expire();
      assertTrue(isBlocked(guest));
      Guest.setTime(SystemTime.toTicks(deadline));
      Cpu.current().timers.expire();
      assertFalse(isBlocked(guest));
    });
  }

  /** XSA-221: any number for a port. */
  @Test
  void badPollsDoNotWait() {
    Guest.domU(guest -> {
      for (int port : new int[] {0, 1, 4095, 4096, 1 << 17, -1, Integer.MIN_VALUE}) {
        guest.write32(LIST, port);
        assertEquals(Errno.EINVAL, poll(guest, 1, 0));
      }
      for (int count : new int[] {129, -1, Integer.MIN_VALUE}) {
        assertEquals(Errno.EINVAL, poll(guest, count, 0));
      }
      guest.write64(A, 0);
      guest.write32(A + 8, 1);
      assertEquals(Errno.EFAULT, sched(guest, Schedop.POLL, A));
      for (long address : guest.badAddresses(24)) {
        assertEquals(Errno.EFAULT, sched(guest, Schedop.POLL, address));
        assertEquals(Errno.EFAULT, sched(guest, Schedop.SHUTDOWN, address));
      }
      assertFalse(isBlocked(guest));
    });
  }

  @Test
  void shutdownStopsEveryVcpuAndKeepsTheReason() {
    Guest.domU(guest -> {
      guest.write32(A, Schedop.REASON_MAX + 1);
      assertEquals(Errno.EINVAL, sched(guest, Schedop.SHUTDOWN, A));
      guest.write32(A, -1);
      assertEquals(Errno.EINVAL, sched(guest, Schedop.SHUTDOWN, A));
      assertEquals(ShutdownReason.NONE, guest.domain.shutdownReason());
      guest.write32(A, Schedop.REASON_REBOOT);
      sched(guest, Schedop.SHUTDOWN, A);
      assertEquals(ShutdownReason.REBOOT, guest.domain.shutdownReason());
      assertTrue((guest.domain.vcpus[1].pauses.get() & PauseReason.SHUTDOWN) != 0);
    });
  }

  @Test
  void dom0ShutsOthersDown() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      guest.write16(A, 6);
      guest.write32(A + 4, Schedop.REASON_CRASH);
      assertEquals(Errno.OK, sched(guest, Schedop.REMOTE_SHUTDOWN, A));
      assertEquals(ShutdownReason.CRASH, other.shutdownReason());
      guest.write16(A, 60);
      assertEquals(Errno.ESRCH, sched(guest, Schedop.REMOTE_SHUTDOWN, A));
    });
    Guest.domU(guest -> {
      guest.write16(A, 0);
      guest.write32(A + 4, Schedop.REASON_CRASH);
      assertEquals(Errno.EPERM, sched(guest, Schedop.REMOTE_SHUTDOWN, A));
    });
  }

  private static long watchdog(Guest guest, int id, int seconds) {
    guest.write32(A, id);
    guest.write32(A + 4, seconds);
    return sched(guest, Schedop.WATCHDOG, A);
  }

  /** Sleeps until the hypervisor's timer interrupt, and serves it. */
  private static void sleepUntilTimer() {
    Hint.waitForInterrupt();
    Cpu.current().timers.expire();
  }

  @Test
  void watchdogShutsDownWhoDoesNotAskAgain() {
    Guest.domU(guest -> {
      long second = GenericTimer.frequency();
      assertEquals(1, watchdog(guest, 0, 2));
      assertEquals(2, watchdog(guest, 0, 1));
      assertEquals(Errno.ENOSPC, watchdog(guest, 0, 1));
      assertEquals(Errno.OK, watchdog(guest, 2, 3));
      long start = SysReg.CNTPCT_EL0.read();
      sleepUntilTimer(); // for the one that asked again: nothing is due
      assertEquals(ShutdownReason.NONE, guest.domain.shutdownReason());
      sleepUntilTimer();
      assertEquals(ShutdownReason.WATCHDOG, guest.domain.shutdownReason());
      long slept = SysReg.CNTPCT_EL0.read() - start;
      assertTrue(slept > second * 19 / 10 && slept < second * 21 / 10, "slept " + slept);
    });
  }

  @Test
  void watchdogEnds() {
    Guest.domU(guest -> {
      assertEquals(1, watchdog(guest, 0, 1));
      assertEquals(2, watchdog(guest, 0, 3));
      assertEquals(Errno.OK, watchdog(guest, 1, 0));
      assertEquals(Errno.EINVAL, watchdog(guest, 1, 1));
      assertEquals(1, watchdog(guest, 0, 2));
      assertEquals(Errno.OK, watchdog(guest, 2, 0));
      assertEquals(Errno.OK, watchdog(guest, 1, 0));
      Cpu.current().timers.expire();
      assertEquals(ShutdownReason.NONE, guest.domain.shutdownReason());
      for (int id : new int[] {1, 2, 3, -1, Integer.MIN_VALUE}) {
        assertEquals(Errno.EINVAL, watchdog(guest, id, 1));
      }
      for (long address : guest.badAddresses(8)) {
        assertEquals(Errno.EFAULT, sched(guest, Schedop.WATCHDOG, address));
        assertEquals(Errno.EFAULT, sched(guest, Schedop.SHUTDOWN_CODE, address));
      }
    });
  }

  @Test
  void shutdownHasTheReasonThatWasAnnounced() {
    Guest.domU(guest -> {
      guest.write32(A, Schedop.REASON_MAX + 1);
      assertEquals(Errno.EINVAL, sched(guest, Schedop.SHUTDOWN_CODE, A));
      guest.write32(A, Schedop.REASON_CRASH);
      assertEquals(Errno.OK, sched(guest, Schedop.SHUTDOWN_CODE, A));
      assertEquals(ShutdownReason.NONE, guest.domain.shutdownReason());
      guest.write32(A, Schedop.REASON_POWEROFF);
      assertEquals(Errno.OK, sched(guest, Schedop.SHUTDOWN_CODE, A));
      assertEquals(Errno.OK, sched(guest, Schedop.SHUTDOWN, A));
      assertEquals(ShutdownReason.CRASH, guest.domain.shutdownReason());
    });
  }
}
