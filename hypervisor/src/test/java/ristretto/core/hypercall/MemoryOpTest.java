package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.DomainId;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Xenmem;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;
import ristretto.core.mm.Frames;

class MemoryOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long LIST = Guest.LIST;

  private static long memory(Guest guest, long operation, long argument) {
    return guest.call(HypercallNumber.MEMORY_OP, operation, argument);
  }

  private static long addToPhysmap(Guest guest, int domain, int space, long index, long gfn) {
    guest.write16(A, domain);
    guest.write16(A + 2, 0);
    guest.write32(A + 4, space);
    guest.write64(A + 8, index);
    guest.write64(A + 16, gfn);
    return memory(guest, Xenmem.ADD_TO_PHYSMAP, A);
  }

  private static long reservation(
      Guest guest, int operation, long list, long count, int order, int flags, int domain) {
    guest.write64(A, list);
    guest.write64(A + 8, count);
    guest.write32(A + 16, order);
    guest.write32(A + 20, flags);
    guest.write16(A + 24, domain);
    return memory(guest, operation, A);
  }

  @Test
  void showsTheSharedInfoInPlaceOfMemory() {
    Guest.domU(guest -> {
      long gfn = EventMachine.gfn(40);
      long free = Frames.freeCount();
      assertEquals(Errno.OK, addToPhysmap(guest, DomainId.SELF, 0, 0, gfn));
      assertEquals(guest.domain.shared.info().address(), guest.at(gfn << 12));
      assertEquals(free + 1, Frames.freeCount(), "the page that was there is given back");
      assertEquals(Errno.EINVAL, addToPhysmap(guest, DomainId.SELF, 0, 1, gfn));
      assertEquals(Errno.OK, addToPhysmap(guest, DomainId.SELF, 0, 0, gfn), "again");
      assertEquals(Errno.EPERM, addToPhysmap(guest, 0, 0, 0, gfn));
      assertEquals(Errno.ESRCH, addToPhysmap(guest, 9, 0, 0, gfn));
      for (int space : new int[] {2, 3, 4, 5, 6, -1}) {
        assertEquals(Errno.ENOSYS, addToPhysmap(guest, DomainId.SELF, space, 0, gfn));
      }
    });
  }

  /** XSA-301: guest frame numbers at and beyond every limit. */
  @Test
  void hugeFrameNumbersAreRefused() {
    Guest.domU(guest -> {
      long limit = guest.domain.p2m.gfnLimit();
      for (long gfn : new long[] {limit, limit + 1, 1L << 40, (1L << 52) - 1, -1, -2, 1L << 63}) {
        assertEquals(Errno.EINVAL, addToPhysmap(guest, DomainId.SELF, 0, 0, gfn));
        assertEquals(Errno.EINVAL, addToPhysmap(guest, DomainId.SELF, 1, 0, gfn));
        guest.write16(A, DomainId.SELF);
        guest.write64(A + 8, gfn);
        assertEquals(Errno.EINVAL, memory(guest, Xenmem.REMOVE_FROM_PHYSMAP, A));
        guest.write64(LIST, gfn);
        for (int order : new int[] {0, 9}) {
          assertEquals(
              0, reservation(guest, Xenmem.POPULATE_PHYSMAP, LIST, 1, order, 0, DomainId.SELF));
          assertEquals(
              0, reservation(guest, Xenmem.DECREASE_RESERVATION, LIST, 1, order, 0, DomainId.SELF));
        }
      }
    });
  }

  /** XSA-235: an index beyond the limit leaves no lock held; {@link Guest#call} checks that. */
  @Test
  void grantFramesAreShownOnDemandUpToTheLimit() {
    Guest.domU(guest -> {
      long gfn = 0x38000;
      assertEquals(1, guest.domain.grants.count());
      assertEquals(Errno.OK, addToPhysmap(guest, DomainId.SELF, 1, 3, gfn + 3));
      assertEquals(4, guest.domain.grants.count());
      assertEquals(Errno.EINVAL, addToPhysmap(guest, DomainId.SELF, 1, 64, gfn));
      assertEquals(Errno.EINVAL, addToPhysmap(guest, DomainId.SELF, 1, -1, gfn));
      assertEquals(
          Errno.EINVAL,
          addToPhysmap(guest, DomainId.SELF, 1, Xenmem.INDEX_GRANT_TABLE_STATUS, gfn));
      assertEquals(gfn + 3, guest.domain.grants.mappedAt(3));
      assertEquals(Errno.OK, addToPhysmap(guest, DomainId.SELF, 1, 3, gfn));
      assertFalse(guest.domain.p2m.lookup(gfn + 3).isValid(), "moved");
      guest.domain.memory.setOverheadLimit(guest.domain.memory.overhead());
      assertEquals(Errno.ENOMEM, addToPhysmap(guest, DomainId.SELF, 1, 9, gfn + 9));
    });
  }

  @Test
  void aBalloonGivesAndTakesBack() {
    Guest.domU(guest -> {
      long before = guest.domain.memory.memory();
      for (int i = 0; i < 100; i++) {
        guest.write64(LIST + 8L * i, EventMachine.gfn(100 + i));
      }
      assertEquals(
          100, reservation(guest, Xenmem.DECREASE_RESERVATION, LIST, 100, 0, 0, DomainId.SELF));
      assertEquals(before - 100, guest.domain.memory.memory());
      guest.write16(A, DomainId.SELF);
      assertEquals(before - 100, memory(guest, Xenmem.CURRENT_RESERVATION, A));
      assertEquals(
          0, reservation(guest, Xenmem.DECREASE_RESERVATION, LIST, 100, 0, 0, DomainId.SELF));
      assertEquals(
          100, reservation(guest, Xenmem.POPULATE_PHYSMAP, LIST, 100, 0, 0, DomainId.SELF));
      assertEquals(0, guest.read64(EventMachine.gfn(150) << 12), "XSA-100: cleared");
      assertEquals(
          0, reservation(guest, Xenmem.POPULATE_PHYSMAP, LIST, 1, 0, 0, DomainId.SELF), "there");
      guest.domain.memory.setMemoryLimit(before);
      guest.write64(LIST, 0x90000);
      assertEquals(
          0, reservation(guest, Xenmem.POPULATE_PHYSMAP, LIST, 1, 0, 0, DomainId.SELF), "XSA-383");
    });
  }

  @Test
  void dom0GetsTheSameFramesBack() {
    Guest.dom0(guest -> {
      long frame = Frames.allocate(0, guest.domain.memory, ristretto.core.mm.FrameType.RAM);
      guest.domain.p2m.map(frame, frame, 0, ristretto.core.mm.P2mType.RAM_RW);
      guest.write64(LIST, frame);
      assertEquals(
          1, reservation(guest, Xenmem.DECREASE_RESERVATION, LIST, 1, 0, 0, DomainId.SELF));
      assertFalse(guest.domain.p2m.lookup(frame).isValid());
      assertTrue(Frames.isOwnedBy(frame, guest.domain.memory), "nobody else gets it");
      assertEquals(1, reservation(guest, Xenmem.POPULATE_PHYSMAP, LIST, 1, 0, 0, DomainId.SELF));
      assertEquals(frame << 12, guest.domain.p2m.lookup(frame).address());
      guest.write64(LIST, frame + 100);
      assertEquals(
          0,
          reservation(guest, Xenmem.POPULATE_PHYSMAP, LIST, 1, 0, 0, DomainId.SELF),
          "not its own");
    });
  }

  /** XSA-31, XSA-158, XSA-231 and counts that overflow. */
  @Test
  void badReservationsDoNothing() {
    Guest.domU(guest -> {
      guest.write64(LIST, EventMachine.gfn(100));
      long[] badAddresses = guest.badAddresses(32);
      long before = guest.domain.memory.memory();
      for (int operation : new int[] {Xenmem.POPULATE_PHYSMAP, Xenmem.DECREASE_RESERVATION}) {
        for (int order : new int[] {10, 18, 63, 64, -1, Integer.MIN_VALUE}) {
          assertEquals(0, reservation(guest, operation, LIST, 1, order, 0, DomainId.SELF));
        }
        for (long count : new long[] {0, 1L << 31, 1L << 32, -1, Long.MIN_VALUE, 1L << 61}) {
          assertEquals(0, reservation(guest, operation, LIST, count, 0, 0, DomainId.SELF));
        }
        for (int node = 2; node < 256; node++) {
          assertEquals(0, reservation(guest, operation, LIST, 1, 0, node << 8, DomainId.SELF));
        }
        assertEquals(0, reservation(guest, operation, LIST, 1, 0, 1 << 16, DomainId.SELF));
        assertEquals(0, reservation(guest, operation, LIST, 1, 0, 1 << 31, DomainId.SELF));
        assertEquals(Errno.EPERM, reservation(guest, operation, LIST, 1, 0, 0, 0));
        assertEquals(0, reservation(guest, operation, LIST, 1, 0, 0, 44));
        assertEquals(0, reservation(guest, operation, 0, 1, 0, 0, DomainId.SELF));
        for (long address : badAddresses) {
          assertEquals(Errno.EFAULT, memory(guest, operation, address));
        }
      }
      assertEquals(before, guest.domain.memory.memory());
    });
  }

  @Test
  void aLongListIsContinuedAndAShortOneStopsWhereItMust() {
    Guest.domU(guest -> {
      long page = EventMachine.GUEST_RAM + 60 * Frames.SIZE;
      for (int i = 0; i < 1500; i++) {
        guest.write64(page + 8L * i, 0x90000 + i);
      }
      assertEquals(
          1500, reservation(guest, Xenmem.POPULATE_PHYSMAP, page, 1500, 0, 0, DomainId.SELF));
      assertEquals(3, guest.calls);
      guest.write64(page + 8L * 700, 0x1234_5678_9abcL);
      assertEquals(
          700, reservation(guest, Xenmem.DECREASE_RESERVATION, page, 1500, 0, 0, DomainId.SELF));
      assertFalse(guest.domain.p2m.lookup(0x90000 + 699).isValid());
      assertTrue(guest.domain.p2m.lookup(0x90000 + 701).isValid());
    });
  }

  /** XSA-145: a list within a multicall. */
  @Test
  void aContinuedListInAMulticallCompletes() {
    Guest.domU(guest -> {
      long page = EventMachine.GUEST_RAM + 60 * Frames.SIZE;
      for (int i = 0; i < 1500; i++) {
        guest.write64(page + 8L * i, 0x90000 + i);
      }
      guest.write64(A, page);
      guest.write64(A + 8, 1500);
      guest.write64(A + 16, 0);
      guest.write16(A + 24, DomainId.SELF);
      entry(guest, 0, HypercallNumber.XEN_VERSION, 0, 0);
      entry(guest, 1, HypercallNumber.MEMORY_OP, Xenmem.POPULATE_PHYSMAP, A);
      entry(guest, 2, HypercallNumber.MULTICALL, LIST, 1);
      entry(guest, 3, 63, 0, 0);
      assertEquals(Errno.OK, guest.call(HypercallNumber.MULTICALL, LIST, 4, 22, 33, 44));
      assertEquals(0x40014, guest.read64(LIST + 8));
      assertEquals(1500, guest.read64(LIST + 64 + 8));
      assertEquals(Errno.EINVAL, guest.read64(LIST + 128 + 8));
      assertEquals(Errno.ENOSYS, guest.read64(LIST + 192 + 8));
      assertEquals(22, guest.vcpu.frame.x(2), "registers that a multicall does not use");
      assertEquals(44, guest.vcpu.frame.x(4));
      assertTrue(guest.calls >= 3);
    });
  }

  private static void entry(Guest guest, int index, int number, long x0, long x1) {
    long at = LIST + 64L * index;
    guest.write64(at, number);
    guest.write64(at + 8, 0xa5a5);
    guest.write64(at + 16, x0);
    guest.write64(at + 24, x1);
  }

  @Test
  void multicallsAreBoundedAndChecked() {
    Guest.domU(guest -> {
      for (int i = 0; i < 60; i++) {
        entry(guest, i, HypercallNumber.XEN_VERSION, 0, 0);
      }
      assertEquals(Errno.OK, guest.call(HypercallNumber.MULTICALL, LIST, 60));
      assertEquals(4, guest.calls);
      assertEquals(0x40014, guest.read64(LIST + 59 * 64 + 8));
      assertEquals(Errno.OK, guest.call(HypercallNumber.MULTICALL, 0, 0));
      for (long address : guest.badAddresses(64)) {
        assertEquals(Errno.EFAULT, guest.call(HypercallNumber.MULTICALL, address, 1));
      }
      guest.absent(LIST + Frames.SIZE);
      assertEquals(Errno.EFAULT, guest.call(HypercallNumber.MULTICALL, LIST, -1));
    });
  }

  @Test
  void batchesTellEachPagesResult() {
    Guest.domU(guest -> {
      for (int i = 0; i < 100; i++) {
        guest.write64(LIST + 8L * i, i);
        guest.write64(LIST + 1000 + 8L * i, 0x38000 + i);
        guest.write32(LIST + 2000 + 4L * i, 77);
      }
      batch(guest, 1, 100, 0);
      assertEquals(Errno.OK, memory(guest, Xenmem.ADD_TO_PHYSMAP_BATCH, A));
      assertEquals(2, guest.calls);
      assertEquals(0, guest.read32(LIST + 2000 + 4 * 63));
      assertEquals((int) Errno.EINVAL, guest.read32(LIST + 2000 + 4 * 64), "the limit is 64");
      batch(guest, 1, 1, 3);
      assertEquals(Errno.EINVAL, memory(guest, Xenmem.ADD_TO_PHYSMAP_BATCH, A));
      batch(guest, Xenmem.SPACE_GMFN_FOREIGN, 1, 0);
      assertEquals(Errno.EPERM, memory(guest, Xenmem.ADD_TO_PHYSMAP_BATCH, A));
      batch(guest, Xenmem.SPACE_GMFN_FOREIGN, 1, 31);
      assertEquals(Errno.ESRCH, memory(guest, Xenmem.ADD_TO_PHYSMAP_BATCH, A));
    });
  }

  private static void batch(Guest guest, int space, int pages, int foreign) {
    guest.write16(A, DomainId.SELF);
    guest.write16(A + 2, space);
    guest.write16(A + 4, pages);
    guest.write16(A + 6, foreign);
    guest.write64(A + 8, LIST);
    guest.write64(A + 16, LIST + 1000);
    guest.write64(A + 24, LIST + 2000);
  }

  @Test
  void dom0MapsAndUnmapsForeignPages() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      long free = Frames.freeCount();
      guest.write64(LIST, EventMachine.gfn(7));
      guest.write64(LIST + 1000, 0x70000);
      batch(guest, Xenmem.SPACE_GMFN_FOREIGN, 1, 6);
      assertEquals(Errno.OK, memory(guest, Xenmem.ADD_TO_PHYSMAP_BATCH, A));
      assertEquals(0, guest.read32(LIST + 2000));
      long page = EventMachine.page(other, 7);
      assertEquals(page, guest.domain.p2m.lookup(0x70000).address());
      assertEquals(1, Frames.references(page >>> 12));
      guest.write64(LIST, 0x5555_5555L);
      assertEquals(Errno.OK, memory(guest, Xenmem.ADD_TO_PHYSMAP_BATCH, A));
      assertEquals((int) Errno.EINVAL, guest.read32(LIST + 2000), "no such page");
      assertEquals(page, guest.domain.p2m.lookup(0x70000).address(), "nothing changed");
      guest.write16(A, DomainId.SELF);
      guest.write64(A + 8, 0x70000);
      assertEquals(Errno.OK, memory(guest, Xenmem.REMOVE_FROM_PHYSMAP, A));
      assertEquals(0, Frames.references(page >>> 12));
      assertEquals(Errno.ENOENT, memory(guest, Xenmem.REMOVE_FROM_PHYSMAP, A));
      assertTrue(free - Frames.freeCount() <= 3, "page tables alone");
    });
  }

  @Test
  void listsBesideTheStructureAreRead() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      batch(guest, Xenmem.SPACE_GMFN_FOREIGN, 1, 6);
      guest.write64(A + 8, A + 64);
      guest.write64(A + 16, A + 72); // as Linux has them
      guest.write64(A + 64, EventMachine.gfn(7));
      guest.write64(A + 72, 0x70000);
      assertEquals(Errno.OK, memory(guest, Xenmem.ADD_TO_PHYSMAP_BATCH, A));
      assertEquals(EventMachine.page(other, 7), guest.domain.p2m.lookup(0x70000).address());
      guest.write64(A + 16, A + 80); // not quite
      guest.write64(A + 64, EventMachine.gfn(8));
      guest.write64(A + 80, 0x70001);
      assertEquals(Errno.OK, memory(guest, Xenmem.ADD_TO_PHYSMAP_BATCH, A));
      assertEquals(EventMachine.page(other, 8), guest.domain.p2m.lookup(0x70001).address());
      assertEquals(EventMachine.page(other, 7), guest.domain.p2m.lookup(0x70000).address());
    });
  }

  @Test
  void answersQuestions() {
    Guest.dom0(guest -> {
      guest.write16(A, DomainId.SELF);
      assertEquals(EventMachine.gfn(255), memory(guest, Xenmem.MAXIMUM_GPFN, A));
      assertEquals((EventMachine.RAM >>> 12) + 16384, memory(guest, Xenmem.MAXIMUM_RAM_PAGE, 0));
      assertEquals(0, memory(guest, Xenmem.GET_SHARING_FREED_PAGES, 0));
      assertEquals(Errno.ENOSYS, memory(guest, 9, A), "memory_map is not Arm's");
      assertEquals(Errno.ENOSYS, memory(guest, 11, A), "exchange");
      assertEquals(Errno.EOPNOTSUPP, memory(guest, Xenmem.GET_VNUMA_INFO, A));
      assertEquals(Errno.ENOSYS, memory(guest, Xenmem.INCREASE_RESERVATION, A));
      guest.write16(A, 50);
      assertEquals(Errno.ESRCH, memory(guest, Xenmem.MAXIMUM_GPFN, A));
    });
  }

  private static void resource(Guest guest, int domain, int type, int id, int count, long first) {
    guest.write16(A, domain);
    guest.write16(A + 2, type);
    guest.write32(A + 4, id);
    guest.write32(A + 8, count);
    guest.write32(A + 12, 0);
    guest.write64(A + 16, first);
    guest.write64(A + 24, LIST);
  }

  @Test
  void dom0IsShownTheGrantTableOfADomain() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      for (int i = 0; i < 64; i++) {
        guest.write64(LIST + 8L * i, 0x70000 + i);
      }
      resource(guest, 6, Xenmem.RESOURCE_GRANT_TABLE, 0, 0, 0);
      guest.write64(A + 24, 0);
      assertEquals(Errno.OK, memory(guest, Xenmem.ACQUIRE_RESOURCE, A));
      assertEquals(64, guest.read32(A + 8), "the size");
      resource(guest, 6, Xenmem.RESOURCE_GRANT_TABLE, 0, 40, 2);
      assertEquals(Errno.OK, memory(guest, Xenmem.ACQUIRE_RESOURCE, A));
      assertEquals(3, guest.calls);
      assertEquals(42, other.grants.count());
      guest.write32(0x70000L << 12, 0x1234);
      assertEquals(Errno.OK, other.grants.map(2, 0x38000));
      assertEquals(
          0x1234, ristretto.machine.Memory.load32(other.p2m.lookup(0x38000).address()), "the same");
      assertEquals(1, Frames.references(guest.at(0x70000L << 12) >>> 12));
      guest.write16(A, DomainId.SELF);
      guest.write64(A + 8, 0x70000);
      assertEquals(Errno.OK, memory(guest, Xenmem.REMOVE_FROM_PHYSMAP, A));
      assertEquals(0, Frames.references(other.p2m.lookup(0x38000).address() >>> 12));
    });
  }

  @Test
  void resourcesThatThereAreNotAreRefused() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      guest.write64(LIST, 0x70000);
      long[][] refused = {
        {6, 0, 0, 1, 0, Errno.EOPNOTSUPP},
        {6, 2, 0, 1, 0, Errno.EOPNOTSUPP},
        {6, 1, 1, 1, 0, Errno.EINVAL},
        {6, 1, 0, 65, 0, Errno.EINVAL},
        {6, 1, 0, 1, 64, Errno.EINVAL},
        {6, 1, 0, 1, -1, Errno.EINVAL},
        {6, 1, 0, -1, 2, Errno.EINVAL},
        {9, 1, 0, 1, 0, Errno.ESRCH},
        {0, 1, 0, 1, 0, Errno.EPERM},
        {DomainId.SELF, 1, 0, 1, 0, Errno.ESRCH},
      };
      for (long[] c : refused) {
        resource(guest, (int) c[0], (int) c[1], (int) c[2], (int) c[3], c[4]);
        assertEquals(c[5], memory(guest, Xenmem.ACQUIRE_RESOURCE, A));
      }
      resource(guest, 6, 1, 0, 1, 0);
      guest.write64(LIST, -1);
      assertEquals(Errno.EINVAL, memory(guest, Xenmem.ACQUIRE_RESOURCE, A));
      guest.write64(LIST, 0x70000);
      guest.write64(LIST + 8, -1);
      resource(guest, 6, 1, 0, 2, 0);
      assertEquals(Errno.EIO, memory(guest, Xenmem.ACQUIRE_RESOURCE, A));
      guest.write32(A + 12, 1);
      assertEquals(Errno.EINVAL, memory(guest, Xenmem.ACQUIRE_RESOURCE, A), "padding");
      for (long address : guest.badAddresses(32)) {
        assertEquals(Errno.EFAULT, memory(guest, Xenmem.ACQUIRE_RESOURCE, address));
      }
      other.memory.setOverheadLimit(other.memory.overhead());
      resource(guest, 6, 1, 0, 1, 9);
      guest.write64(A + 24, LIST);
      assertEquals(Errno.ENOMEM, memory(guest, Xenmem.ACQUIRE_RESOURCE, A));
    });
    Guest.domU(guest -> {
      guest.another(6);
      resource(guest, 6, 1, 0, 1, 0);
      assertEquals(Errno.EPERM, memory(guest, Xenmem.ACQUIRE_RESOURCE, A));
    });
  }

  /** A frame of the table is moved only if it is still where the domain was shown it. */
  @Test
  void whatReplacedAGrantFrameStays() {
    Guest.domU(guest -> {
      long gfn = 0x38000;
      assertEquals(Errno.OK, addToPhysmap(guest, DomainId.SELF, 1, 0, gfn));
      guest.write16(A, DomainId.SELF);
      guest.write64(A + 8, gfn);
      assertEquals(Errno.OK, memory(guest, Xenmem.REMOVE_FROM_PHYSMAP, A));
      guest.write64(LIST, gfn);
      assertEquals(1, reservation(guest, Xenmem.POPULATE_PHYSMAP, LIST, 1, 0, 0, DomainId.SELF));
      assertEquals(Errno.OK, addToPhysmap(guest, DomainId.SELF, 1, 0, gfn + 1));
      assertTrue(guest.domain.p2m.isMemory(gfn, 0));
    });
  }

  @Test
  void claimsKeepMemoryFree() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      long free = Frames.freeCount();
      long has = other.memory.memory();
      assertEquals(0, claim(guest, has + 100, 6));
      assertEquals(100, Frames.claimedCount());
      assertEquals(100, other.memory.claimed());
      assertEquals(Errno.EINVAL, claim(guest, has + 100, 6), "one claim at a time");
      long got = 0;
      while (Frames.allocate(0, guest.domain.memory, ristretto.core.mm.FrameType.RAM) >= 0) {
        got++;
      }
      assertEquals(free - 100, got, "others get what is not claimed");
      for (int i = 0; i < 100; i++) {
        assertTrue(Frames.allocate(0, other.memory, ristretto.core.mm.FrameType.RAM) >= 0);
      }
      assertEquals(0, Frames.claimedCount());
      assertEquals(0, Frames.freeCount());
      assertEquals(Errno.ENOMEM, claim(guest, has + 101, 6));
      assertEquals(Errno.EINVAL, claim(guest, has, 6), "it has that much");
      assertEquals(Errno.EINVAL, claim(guest, -1, 6));
      assertEquals(0, claim(guest, 0, 6));
      assertEquals(Errno.ESRCH, claim(guest, 1000, 9));
      guest.write32(A + 16, 9);
      assertEquals(Errno.EINVAL, memory(guest, Xenmem.CLAIM_PAGES, A));
    });
    Guest.domU(guest -> assertEquals(Errno.EPERM, claim(guest, 1000, DomainId.SELF)));
  }

  private static long claim(Guest guest, long pages, int domain) {
    return reservation(guest, Xenmem.CLAIM_PAGES, 0, pages, 0, 0, domain);
  }
}
