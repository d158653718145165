package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.DomainId;
import ristretto.abi.Errno;
import ristretto.abi.Gnttabop;
import ristretto.abi.Hvmop;
import ristretto.abi.HypercallNumber;
import ristretto.abi.SharedInfo;
import ristretto.abi.Xenpf;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;
import ristretto.core.mm.Frames;
import ristretto.core.time.Wallclock;
import ristretto.machine.Machine.Maintenance;

/** hvm_op, grant_table_op, platform_op, console_io, vm_assist and what is refused altogether. */
class DomainServicesTest {
  private static final long A = Guest.ARGUMENT;
  private static final long LIST = Guest.LIST;

  // hvm_op

  private static long parameter(Guest guest, int operation, int domain, int index, long value) {
    guest.write16(A, domain);
    guest.write16(A + 2, 0);
    guest.write32(A + 4, index);
    guest.write64(A + 8, value);
    return guest.call(HypercallNumber.HVM_OP, operation, A);
  }

  @Test
  void parametersAreTheToolstacksToSet() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      assertEquals(Errno.OK, parameter(guest, Hvmop.SET_PARAM, 6, Hvmop.PARAM_STORE_EVTCHN, 77));
      assertEquals(77, other.hvmParameters[Hvmop.PARAM_STORE_EVTCHN]);
      assertEquals(Errno.OK, parameter(guest, Hvmop.GET_PARAM, 6, Hvmop.PARAM_STORE_EVTCHN, 0));
      assertEquals(77, guest.read64(A + 8));
      assertEquals(Errno.ESRCH, parameter(guest, Hvmop.SET_PARAM, 9, 1, 0));
      for (int index : new int[] {Hvmop.PARAM_COUNT, -1, Integer.MIN_VALUE}) {
        assertEquals(Errno.EINVAL, parameter(guest, Hvmop.SET_PARAM, 6, index, 0));
        assertEquals(Errno.EINVAL, parameter(guest, Hvmop.GET_PARAM, 6, index, 0));
      }
      for (int index : new int[] {0, 1, 2, 17, 18, 28}) {
        assertEquals(Errno.OK, parameter(guest, Hvmop.GET_PARAM, 6, index, 0), "index " + index);
      }
      for (int index : new int[] {3, 16, 19, 27, 29, 38}) { // x86's, and what nobody may see
        assertEquals(Errno.EINVAL, parameter(guest, Hvmop.GET_PARAM, 6, index, 0));
      }
      assertEquals(Errno.ENOSYS, guest.call(HypercallNumber.HVM_OP, 24, A));
    });
    Guest.domU(guest -> {
      assertEquals(Errno.EPERM, parameter(guest, Hvmop.SET_PARAM, DomainId.SELF, 1, 5));
      assertEquals(Errno.EPERM, parameter(guest, Hvmop.GET_PARAM, 0, 1, 5));
      guest.domain.hvmParameters[Hvmop.PARAM_CONSOLE_PFN] = 0x39000;
      assertEquals(
          Errno.OK, parameter(guest, Hvmop.GET_PARAM, DomainId.SELF, Hvmop.PARAM_CONSOLE_PFN, 0));
      assertEquals(0x39000, guest.read64(A + 8));
      for (long address : guest.badAddresses(16)) {
        assertEquals(Errno.EFAULT, guest.call(HypercallNumber.HVM_OP, 1, address));
      }
    });
  }

  // grant_table_op

  private static long grant(Guest guest, int operation, long argument, long count) {
    return guest.call(HypercallNumber.GRANT_TABLE_OP, operation, argument, count);
  }

  /** XSA-255, XSA-268: there is no version 2. */
  @Test
  void theGrantTableStaysAtVersionOne() {
    Guest.domU(guest -> {
      for (int version : new int[] {1, 2, 1}) {
        guest.write32(A, version);
        assertEquals(Errno.OK, grant(guest, Gnttabop.SET_VERSION, A, 1));
        assertEquals(1, guest.read32(A));
      }
      guest.write32(A, 3);
      assertEquals(Errno.EINVAL, grant(guest, Gnttabop.SET_VERSION, A, 1));
      guest.write16(A, DomainId.SELF);
      assertEquals(Errno.OK, grant(guest, Gnttabop.GET_VERSION, A, 1));
      assertEquals(1, guest.read32(A + 4));
      guest.write16(A, 0);
      assertEquals(Errno.EPERM, grant(guest, Gnttabop.GET_VERSION, A, 1));
      for (int operation : new int[] {-1, 3, 9, 11, 13}) {
        assertEquals(Errno.ENOSYS, grant(guest, operation, A, 1), "operation " + operation);
      }
      assertEquals(Errno.EOPNOTSUPP, grant(guest, Gnttabop.TRANSFER, A, 1));
    });
  }

  /** XSA-316: a failure is negative, in the structure. */
  @Test
  void querySizeTellsItsResultInTheStructure() {
    Guest.domU(guest -> {
      guest.write16(A, DomainId.SELF);
      assertEquals(Errno.OK, grant(guest, Gnttabop.QUERY_SIZE, A, 1));
      assertEquals(1, guest.read32(A + 4));
      assertEquals(64, guest.read32(A + 8));
      assertEquals(0, guest.read32(A + 12) & 0xffff);
      guest.write16(A, 0);
      assertEquals(Errno.OK, grant(guest, Gnttabop.QUERY_SIZE, A, 1));
      assertEquals(-8, (short) guest.read32(A + 12));
      assertEquals(0, guest.read32(A + 8));
      guest.write16(A, 99);
      assertEquals(Errno.OK, grant(guest, Gnttabop.QUERY_SIZE, A, 1));
      assertEquals(-2, (short) guest.read32(A + 12));
      assertEquals(Errno.EINVAL, grant(guest, Gnttabop.QUERY_SIZE, A, 2));
      for (long address : guest.badAddresses(16)) {
        assertEquals(Errno.EFAULT, grant(guest, Gnttabop.QUERY_SIZE, address, 1));
      }
    });
  }

  /** XSA-101: every entry of the list that is told has a defined value. */
  @Test
  void setupListsWhereTheFramesAre() {
    Guest.domU(guest -> {
      guest.paint(LIST);
      guest.write16(A, DomainId.SELF);
      guest.write32(A + 4, 5);
      guest.write64(A + 16, LIST);
      assertEquals(Errno.OK, grant(guest, Gnttabop.SETUP_TABLE, A, 1));
      assertEquals(0, (short) guest.read32(A + 8));
      assertEquals(5, guest.domain.grants.count());
      assertEquals(-1, guest.read64(LIST + 32));
      assertEquals(0xa5, guest.read8(LIST + 40));
      for (int count : new int[] {65, -1, Integer.MIN_VALUE}) {
        guest.write32(A + 4, count);
        assertEquals(Errno.OK, grant(guest, Gnttabop.SETUP_TABLE, A, 1));
        assertEquals(-1, (short) guest.read32(A + 8));
      }
      assertEquals(5, guest.domain.grants.count());
    });
  }

  /** XSA-232: only pages of its own, within the page. */
  @Test
  void flushesCachesOverItsOwnMemoryAlone() {
    Guest.domU(guest -> {
      guest.machine.machine.forgetMaintenance();
      long page = EventMachine.gfn(50) << 12;
      flush(guest, A, page, 100, 200, 1);
      assertEquals(Errno.OK, grant(guest, Gnttabop.CACHE_FLUSH, A, 1));
      long lines =
          guest.machine.machine.maintenanceOperations().stream()
              .filter(m -> m == Maintenance.DC_CVAC)
              .count();
      assertEquals(4, lines, "64 to 300");
      assertEquals(0, Frames.references(EventMachine.page(guest.domain, 50) >>> 12));
      flush(guest, A, 0, 0, 0, 0);
      assertEquals(Errno.OK, grant(guest, Gnttabop.CACHE_FLUSH, A, 1), "Linux asks like this");
      flush(guest, A, 0x900_0000, 0, 64, 1);
      assertEquals(Errno.EPERM, grant(guest, Gnttabop.CACHE_FLUSH, A, 1), "a device");
      flush(guest, A, guest.domain.shared.info().address(), 0, 64, 1);
      assertEquals(Errno.EPERM, grant(guest, Gnttabop.CACHE_FLUSH, A, 1));
      flush(guest, A, page, 4000, 97, 1);
      assertEquals(Errno.EINVAL, grant(guest, Gnttabop.CACHE_FLUSH, A, 1));
      flush(guest, A, page, 4096, 0, 1);
      assertEquals(Errno.EINVAL, grant(guest, Gnttabop.CACHE_FLUSH, A, 1));
      flush(guest, A, page, 0, 64, 4);
      assertEquals(Errno.EINVAL, grant(guest, Gnttabop.CACHE_FLUSH, A, 1));
      flush(guest, A, page, 0, 64, 1 << 31);
      assertEquals(Errno.EINVAL, grant(guest, Gnttabop.CACHE_FLUSH, A, 1), "grants: not yet");
    });
  }

  @Test
  void manyFlushesAreContinued() {
    Guest.domU(guest -> {
      for (int i = 0; i < 50; i++) {
        flush(guest, LIST + 16L * i, EventMachine.gfn(50) << 12, 0, 64, 3);
      }
      assertEquals(Errno.OK, grant(guest, Gnttabop.CACHE_FLUSH, LIST, 50));
      assertEquals(4, guest.calls);
      assertEquals(Errno.OK, grant(guest, Gnttabop.CACHE_FLUSH, LIST, 0));
    });
  }

  private static void flush(Guest guest, long at, long address, int offset, int length, int op) {
    guest.write64(at, address);
    guest.write16(at + 8, offset);
    guest.write16(at + 10, length);
    guest.write32(at + 12, op);
  }

  // platform_op

  @Test
  void dom0SetsTheTimeOfDayForAll() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      setTime(guest, 1_800_000_000L, 5, 2_000_000_007L);
      assertEquals(Errno.OK, guest.call(HypercallNumber.PLATFORM_OP, A));
      for (Domain domain : new Domain[] {guest.domain, other, guest.another(7)}) {
        SharedInfo info = domain.shared.info();
        assertEquals(0, info.wallclockVersion() & 1);
        assertTrue(info.wallclockVersion() > 0);
        assertEquals(1_799_999_997, ristretto.machine.Memory.load32(info.address() + 1076));
        assertEquals(999_999_998, ristretto.machine.Memory.load32(info.address() + 1080));
      }
      assertEquals(1_799_999_997, Wallclock.bootSeconds());
      int version = guest.domain.shared.info().wallclockVersion();
      guest.write32(A + 20, 1);
      assertEquals(Errno.EINVAL, guest.call(HypercallNumber.PLATFORM_OP, A), "mbz");
      setTime(guest, 1, 1_000_000_000, 0);
      assertEquals(Errno.EINVAL, guest.call(HypercallNumber.PLATFORM_OP, A));
      setTime(guest, 1L << 62, 0, 0);
      assertEquals(Errno.EINVAL, guest.call(HypercallNumber.PLATFORM_OP, A));
      setTime(guest, 1, 0, 0);
      guest.write32(A + 4, 0x0300_0002);
      assertEquals(Errno.EACCES, guest.call(HypercallNumber.PLATFORM_OP, A));
      guest.write32(A + 4, Xenpf.INTERFACE_VERSION);
      guest.write32(A, 55);
      assertEquals(Errno.ENOSYS, guest.call(HypercallNumber.PLATFORM_OP, A));
      assertEquals(version, guest.domain.shared.info().wallclockVersion());
    });
    Guest.domU(guest -> {
      setTime(guest, 1, 0, 0);
      assertEquals(Errno.EPERM, guest.call(HypercallNumber.PLATFORM_OP, A));
    });
  }

  private static void setTime(Guest guest, long seconds, int nanoseconds, long systemTime) {
    guest.write32(A, Xenpf.SETTIME64);
    guest.write32(A + 4, Xenpf.INTERFACE_VERSION);
    guest.write64(A + 8, seconds);
    guest.write32(A + 16, nanoseconds);
    guest.write32(A + 20, 0);
    guest.write64(A + 24, systemTime);
  }

  // console_io

  @Test
  void consoleCountsAreUnsignedAndTextsContinued() {
    Guest.domU(guest -> {
      assertEquals(Errno.OK, guest.call(HypercallNumber.CONSOLE_IO, 0, 300, LIST));
      assertEquals(3, guest.calls);
      assertEquals(Errno.OK, guest.call(HypercallNumber.CONSOLE_IO, 0, 0, 0));
      assertEquals(Errno.OK, guest.call(HypercallNumber.CONSOLE_IO, 0, 1L << 32, 0));
      guest.absent(LIST + Frames.SIZE);
      assertEquals(Errno.EFAULT, guest.call(HypercallNumber.CONSOLE_IO, 0, -1, LIST));
      assertEquals(Errno.EFAULT, guest.call(HypercallNumber.CONSOLE_IO, 0, 1, -1));
      assertEquals(Errno.EPERM, guest.call(HypercallNumber.CONSOLE_IO, 1, 1, LIST));
      assertEquals(Errno.ENOSYS, guest.call(HypercallNumber.CONSOLE_IO, 2, 1, LIST));
    });
    Guest.dom0(guest -> {
      assertEquals(0, guest.call(HypercallNumber.CONSOLE_IO, 1, 64, LIST), "nothing typed");
      assertEquals(Errno.E2BIG, guest.call(HypercallNumber.CONSOLE_IO, 1, 0x8000_0000L, LIST));
    });
  }

  // vm_assist

  @Test
  void theOneAssistIsSwitched() {
    Guest.domU(guest -> {
      assertEquals(Errno.OK, guest.call(HypercallNumber.VM_ASSIST, 0, 5));
      assertEquals(0x20, guest.domain.assists);
      assertEquals(Errno.OK, guest.call(HypercallNumber.VM_ASSIST, 1, 5));
      assertEquals(0, guest.domain.assists);
      assertEquals(Errno.ENOSYS, guest.call(HypercallNumber.VM_ASSIST, 2, 5));
      for (long type : new long[] {0, 4, 6, 32, 64, -1}) {
        assertEquals(Errno.EINVAL, guest.call(HypercallNumber.VM_ASSIST, 0, type));
      }
    });
  }

  @Test
  void someHypercallsAreNotThere() {
    Guest.dom0(guest -> {
      assertEquals(Errno.ENOSYS, guest.call(HypercallNumber.XSM_OP, A));
      assertEquals(Errno.ENOSYS, guest.call(HypercallNumber.PHYSDEV_OP, A));
      assertFalse(guest.domain.p2m.lookup(1).isValid());
    });
  }
}
