package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.machine.Machine.Maintenance;

class DomainMemoryOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long PAYLOAD = A + Domctl.PAYLOAD;

  private static long domctl(Guest guest, int command, int domain, long first, long second) {
    guest.write32(A, command);
    guest.write32(A + 4, Domctl.VERSION_4_19);
    guest.write64(A + 8, domain);
    guest.write64(PAYLOAD, first);
    guest.write64(PAYLOAD + 8, second);
    return guest.call(HypercallNumber.DOMCTL, A);
  }

  @Test
  void theMaximumLimitsWhatIsAllocated() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      long has = other.memory.memory();
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.MAX_MEM, 6, (has + 1) * 4 + 3, 0));
      assertEquals(has + 1, other.memory.memoryLimit());
      assertEquals(true, Frames.allocate(0, other.memory, FrameType.RAM) > 0);
      assertEquals(-1, Frames.allocate(0, other.memory, FrameType.RAM));
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.MAX_MEM, 6, 4, 0), "less than it has");
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.MAX_MEM, 6, -1, 0));
      assertEquals(true, Frames.allocate(0, other.memory, FrameType.RAM) > 0);
      assertEquals(Errno.ESRCH, domctl(guest, DomctlCommand.MAX_MEM, 9, 4, 0));
    });
  }

  @Test
  void thePagingPoolLimitsTables() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      long tables = other.memory.tables();
      int set = DomctlCommand.SET_PAGING_MEMPOOL_SIZE;
      assertEquals(Errno.OK, domctl(guest, set, 6, tables << 12, 0));
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_PAGING_MEMPOOL_SIZE, 6, 0, 0));
      assertEquals(tables << 12, guest.read64(PAYLOAD));
      assertEquals(Errno.ENOMEM, other.grants.map(0, 0x38000));
      assertEquals(Errno.EINVAL, domctl(guest, set, 6, (tables << 12) + 8, 0));
      assertEquals(Errno.EBUSY, domctl(guest, set, 6, (tables - 1) << 12, 0));
      assertEquals(Errno.OK, domctl(guest, set, 6, (tables + 2) << 12, 0));
      assertEquals(Errno.OK, other.grants.map(0, 0x38000));
    });
  }

  @Test
  void cachesAreFlushedInSlices() {
    Guest.dom0(guest -> {
      guest.another(6);
      long first = EventMachine.gfn(0);
      int flush = DomctlCommand.CACHE_FLUSH;
      guest.machine.machine.forgetMaintenance();
      assertEquals(Errno.OK, domctl(guest, flush, 6, first + 10, 3));
      assertEquals(1, guest.calls);
      long lines =
          guest.machine.machine.maintenanceOperations().stream()
              .filter(m -> m == Maintenance.DC_CIVAC)
              .count();
      assertEquals(3 * 64, lines);
      assertEquals(Errno.OK, domctl(guest, flush, 6, first - 1024, 4 * 512));
      assertEquals(4, guest.calls);
      long limit = guest.domain.p2m.gfnLimit();
      assertEquals(Errno.OK, domctl(guest, flush, 6, limit, 0));
      assertEquals(Errno.EINVAL, domctl(guest, flush, 6, limit, 1));
      assertEquals(Errno.EINVAL, domctl(guest, flush, 6, 1, limit));
      assertEquals(Errno.EINVAL, domctl(guest, flush, 6, 1, -1));
      assertEquals(Errno.EINVAL, domctl(guest, flush, 6, -1, 1));
    });
  }
}
