package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Vcpuop;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.core.domain.PauseReason;
import ristretto.core.event.EventMachine;
import ristretto.core.mm.Frames;
import ristretto.driver.timer.GenericTimer;

class VcpuOpTest {
  private static final long A = Guest.ARGUMENT;

  private static long vcpuOp(Guest guest, int operation, long vcpu, long argument) {
    return guest.call(HypercallNumber.VCPU_OP, operation, vcpu, argument);
  }

  @Test
  void onlyWhatArmHasIsOffered() {
    Guest.domU(guest -> {
      for (int operation = -1; operation < 32; operation++) {
        boolean offered = operation == 5 || operation == 10 || operation == 14;
        assertEquals(offered ? Errno.EFAULT : Errno.EINVAL, vcpuOp(guest, operation, 0, 0));
      }
      for (long vcpu : new long[] {2, 255, -1, 1L << 32}) {
        assertEquals(Errno.ENOENT, vcpuOp(guest, Vcpuop.REGISTER_VCPU_INFO, vcpu, A));
      }
    });
  }

  @Test
  void vcpuInfoIsRegisteredForItselfOrOneThatIsOff() {
    Guest.domU(guest -> {
      guest.write64(A, EventMachine.gfn(30));
      guest.write32(A + 8, 128);
      assertEquals(Errno.OK, vcpuOp(guest, Vcpuop.REGISTER_VCPU_INFO, 0, A));
      assertEquals(1, guest.read8((EventMachine.gfn(30) << 12) + 128));
      assertEquals(-1, guest.read64((EventMachine.gfn(30) << 12) + 136));
      guest.write32(A + 8, 256);
      assertEquals(Errno.EINVAL, vcpuOp(guest, Vcpuop.REGISTER_VCPU_INFO, 0, A), "again");
      assertEquals(Errno.OK, vcpuOp(guest, Vcpuop.REGISTER_VCPU_INFO, 1, A));
    });
    Guest.domU(guest -> {
      guest.domain.vcpus[1].pauses.set(PauseReason.BLOCKED);
      guest.write64(A, EventMachine.gfn(30));
      guest.write32(A + 8, 0);
      assertEquals(Errno.EINVAL, vcpuOp(guest, Vcpuop.REGISTER_VCPU_INFO, 1, A), "it runs");
    });
  }

  @Test
  void runstateIsShownAndKeptUpToDate() {
    Guest.domU(guest -> {
      long area = (EventMachine.gfn(31) << 12) + 64;
      guest.write64(A, area);
      assertEquals(Errno.OK, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA, 0, A));
      assertEquals(RunstateInfo.OFFLINE, guest.read32(area));
      guest.vcpu.runstate.enter(RunstateInfo.RUNNING, GenericTimer.counter());
      Guest.setTime(20_000);
      guest.vcpu.runstate.enter(RunstateInfo.BLOCKED, GenericTimer.counter());
      assertEquals(RunstateInfo.BLOCKED, guest.read32(area));
      assertTrue(guest.read64(area + 8) > 0, "entered after boot");
      long running = guest.read64(area + 16);
      assertTrue(running > 0 && running <= 20_000 * 16, "ns: " + running);
      assertEquals(0, guest.read64(area + 32));
    });
  }

  @Test
  void anAreaMayCrossPages() {
    Guest.domU(guest -> {
      long area = (EventMachine.gfn(32) << 12) - 24;
      guest.write64(A, area);
      assertEquals(Errno.OK, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA, 0, A));
      guest.vcpu.runstate.enter(RunstateInfo.RUNNABLE, GenericTimer.counter());
      assertEquals(RunstateInfo.RUNNABLE, guest.read32(area));
      assertTrue(guest.read64(area + 40) > 0, "the time that it was offline");
      assertEquals(1, Frames.references(EventMachine.page(guest.domain, 31) >>> 12));
      assertEquals(1, Frames.references(EventMachine.page(guest.domain, 32) >>> 12));
      guest.write64(A, 0);
      assertEquals(Errno.OK, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA, 0, A));
      assertEquals(0, Frames.references(EventMachine.page(guest.domain, 31) >>> 12));
      assertEquals(0, Frames.references(EventMachine.page(guest.domain, 32) >>> 12));
    });
  }

  @Test
  void badAreasAreRefused() {
    Guest.domU(guest -> {
      long page = EventMachine.gfn(33) << 12;
      guest.readOnly(page);
      for (long area : new long[] {page, 1L << 50, -8, 0x1234_5000}) {
        guest.write64(A, area);
        assertEquals(Errno.EFAULT, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA, 0, A));
      }
      guest.write64(A, page - 24); // its second page cannot be written
      assertEquals(Errno.EFAULT, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA, 0, A));
      assertEquals(0, Frames.references(EventMachine.page(guest.domain, 32) >>> 12));
      guest.write64(A, page - 100);
      assertEquals(Errno.EINVAL, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA, 0, A));
    });
  }

  @Test
  void aPhysicalAreaStaysInItsPageAndUsesTheFlag() {
    Guest.domU(guest -> {
      long page = EventMachine.gfn(34) << 12;
      for (long area : new long[] {page + 4096 - 40, page + 4, 0x1234_5000, 1L << 60}) {
        guest.write64(A, area);
        assertEquals(Errno.EINVAL, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_PHYS_AREA, 0, A));
      }
      guest.write64(A, page);
      assertEquals(Errno.OK, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_PHYS_AREA, 0, A));
      guest.vcpu.runstate.enter(RunstateInfo.RUNNING, GenericTimer.counter());
      assertEquals(0, guest.read64(page + 8) >>> 63, "the update is over");
      guest.write64(A, -1);
      assertEquals(Errno.OK, vcpuOp(guest, Vcpuop.REGISTER_RUNSTATE_PHYS_AREA, 0, A));
      assertEquals(0, Frames.references(EventMachine.page(guest.domain, 34) >>> 12));
    });
  }
}
