package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.DomainId;
import ristretto.abi.Errno;
import ristretto.abi.Gnttabop;
import ristretto.abi.Gnttabop.Status;
import ristretto.abi.HypercallNumber;
import ristretto.core.domain.Domain;
import ristretto.core.event.EventMachine;
import ristretto.core.grant.Granted;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.machine.Memory;

/** Map, unmap and copy through the hypercall: each status, each flag. */
class GrantListTest {
  private static final long A = Guest.ARGUMENT;
  private static final long HOLE = 0x70000;
  private static final int HOST = 2;
  private static final int DEVICE = 1;
  private static final int READ_ONLY = 4;

  private static void mapElement(Guest guest, int index, long gfn, int flags, int ref, int dom) {
    long at = A + 32L * index;
    guest.write64(at, gfn << 12);
    guest.write32(at + 8, flags);
    guest.write32(at + 12, ref);
    guest.write16(at + 16, dom);
    guest.write16(at + 18, 77);
    guest.write32(at + 20, 0x7777);
    guest.write64(at + 24, 0);
  }

  private static int status(Guest guest, long at) {
    return (short) guest.read32(at);
  }

  /** Returns the handle, or the status if that is not OKAY. */
  private static int map(Guest guest, long gfn, int flags, int ref, int dom) {
    mapElement(guest, 0, gfn, flags, ref, dom);
    assertEquals(Errno.OK, call(guest, Gnttabop.MAP_GRANT_REF, A, 1));
    int status = guest.read32(A + 16) >> 16;
    return status == Status.OKAY ? guest.read32(A + 20) : status;
  }

  private static void unmapElement(Guest guest, int index, long host, long device, int handle) {
    long at = A + 24L * index;
    guest.write64(at, host);
    guest.write64(at + 8, device);
    guest.write32(at + 16, handle);
    guest.write32(at + 20, 77);
  }

  private static int unmap(Guest guest, long host, long device, int handle) {
    unmapElement(guest, 0, host, device, handle);
    assertEquals(Errno.OK, call(guest, Gnttabop.UNMAP_GRANT_REF, A, 1));
    return status(guest, A + 20);
  }

  private static long call(Guest guest, int operation, long list, long count) {
    return guest.call(HypercallNumber.GRANT_TABLE_OP, operation, list, count);
  }

  @Test
  void aGrantedPageIsMappedAndUnmapped() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      long page = EventMachine.page(other, 30);
      Memory.store64(page + 8, 0x1234_5678);
      int handle = map(guest, HOLE, HOST, 9, 6);
      assertTrue(handle >= 0);
      assertEquals(page, guest.read64(A + 24), "the bus address is the machine's");
      assertEquals(0x1234_5678, guest.read64((HOLE << 12) + 8));
      assertEquals(P2mType.GRANT_RW, guest.domain.p2m.lookup(HOLE).type());
      assertEquals(0x19, Granted.flags(other, 9), "reading and writing");
      assertEquals(1, Frames.references(page >>> 12));
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, handle));
      assertFalse(guest.domain.p2m.lookup(HOLE).isValid());
      assertEquals(1, Granted.flags(other, 9));
      assertEquals(0, Frames.references(page >>> 12));
      assertEquals(Status.BAD_HANDLE, unmap(guest, HOLE << 12, 0, handle));
      int again = map(guest, HOLE, HOST, 9, 6);
      assertNotEquals(handle, again, "an old handle does not name a new mapping");
      assertEquals(Status.BAD_HANDLE, unmap(guest, HOLE << 12, 0, handle));
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, again));
    });
  }

  @Test
  void whatIsGrantedForReadingIsMappedForReading() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, true);
      assertEquals(Status.GENERAL_ERROR, map(guest, HOLE, HOST, 9, 6));
      assertEquals(5, Granted.flags(other, 9), "a refusal leaves no mark");
      int handle = map(guest, HOLE, HOST | READ_ONLY, 9, 6);
      assertEquals(P2mType.GRANT_RO, guest.domain.p2m.lookup(HOLE).type());
      assertEquals(0xd, Granted.flags(other, 9));
      assertEquals(Errno.EFAULT, guest.call(HypercallNumber.XEN_VERSION, 1, HOLE << 12), "XSA-98");
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, handle));
    });
  }

  @Test
  void eachRefusalHasItsStatus() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      Granted.page(other, 10, 3, 30, false);
      Granted.entry(other, 11, 1, 0, 0xffff_ffffL);
      Granted.entry(other, 12, 2, 0, EventMachine.gfn(30));
      Granted.entry(other, 13, 3, 0, EventMachine.gfn(30));
      Granted.entry(other, 14, 0x101, 0, EventMachine.gfn(30));
      Granted.entry(other, 15, 0x21, 0, EventMachine.gfn(30));
      Granted.entry(other, 16, 1, 0, 0x38000);
      for (int flags : new int[] {0, READ_ONLY, 8, HOST | 8, HOST | 16, HOST | 1 << 16, -1}) {
        assertEquals(Status.BAD_GRANT_REFERENCE, map(guest, HOLE, flags, 9, 6), "XSA-316");
      }
      for (int ref : new int[] {512, 513, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        assertEquals(Status.BAD_GRANT_REFERENCE, map(guest, HOLE, HOST, ref, 6));
      }
      assertEquals(Status.BAD_DOMAIN, map(guest, HOLE, HOST, 9, 7));
      assertEquals(Status.BAD_DOMAIN, map(guest, HOLE, HOST, 9, DomainId.IO));
      for (int ref : new int[] {0, 10, 12, 13, 14, 15}) {
        assertEquals(Status.GENERAL_ERROR, map(guest, HOLE, HOST, ref, 6), "reference " + ref);
      }
      assertEquals(Status.BAD_PAGE, map(guest, HOLE, HOST, 11, 6));
      assertEquals(Status.BAD_PAGE, map(guest, HOLE, HOST, 16, 6), "the table itself");
      assertEquals(1, Granted.flags(other, 11));
      assertEquals(Status.GENERAL_ERROR, map(guest, 1L << 40, HOST, 9, 6));
      mapElement(guest, 0, HOLE, HOST, 9, 6);
      guest.write64(A, (HOLE << 12) + 8);
      assertEquals(Errno.OK, call(guest, Gnttabop.MAP_GRANT_REF, A, 1));
      assertEquals(Status.GENERAL_ERROR, guest.read32(A + 16) >> 16);
      int handle = map(guest, HOLE, HOST, 9, 6);
      assertEquals(Status.GENERAL_ERROR, map(guest, HOLE, HOST, 9, 6), "a grant is there");
      assertEquals(Status.GENERAL_ERROR, unmap(guest, (HOLE + 1) << 12, 0, handle));
      for (int bad : new int[] {handle + 1, handle + (1 << 18), -1, Integer.MIN_VALUE, 1 << 17}) {
        assertEquals(Status.BAD_HANDLE, unmap(guest, HOLE << 12, 0, bad));
      }
      guest.write16(A, DomainId.SELF);
      guest.write64(A + 8, HOLE);
      assertEquals(Errno.EBUSY, guest.call(HypercallNumber.MEMORY_OP, 15, A), "only its handle");
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, handle));
      assertEquals(1, Granted.flags(other, 9));
    });
  }

  /** XSA-224, XSA-394: every pair of flags, every way to unmap, twice. */
  @Test
  void everyWayOfUnmappingBalances() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      long page = EventMachine.page(other, 30);
      for (int flags = 1; flags < 8; flags++) {
        if ((flags & 3) == 0) {
          continue;
        }
        for (int first = 0; first < 4; first++) {
          int handle = map(guest, HOLE, flags, 9, 6);
          for (int round = 0; round < 2; round++) {
            int parts = round == 0 ? first : 3;
            unmap(guest, (parts & 2) != 0 ? HOLE << 12 : 0, (parts & 1) != 0 ? page : 0, handle);
            boolean hostLeft = round == 0 && (flags & HOST) != 0 && (parts & 2) == 0;
            assertEquals(hostLeft, guest.domain.p2m.lookup(HOLE).isValid());
            boolean left = (flags & 3 & ~parts) != 0;
            assertEquals(left ? 1 : 0, Frames.references(page >>> 12), flags + " " + first);
          }
          assertEquals(Status.BAD_HANDLE, unmap(guest, HOLE << 12, page, handle));
          assertEquals(1, Granted.flags(other, 9));
        }
      }
    });
  }

  /** XSA-500: what the entry says after the first use does not matter, or is refused. */
  @Test
  void theFrameInUseIsTheTruth() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      long page = EventMachine.page(other, 30);
      int one = map(guest, HOLE, HOST | READ_ONLY, 9, 6);
      Granted.page(other, 9, 0, 31, false);
      int two = map(guest, HOLE + 1, HOST, 9, 6);
      assertEquals(page, guest.domain.p2m.lookup(HOLE + 1).address());
      Granted.page(other, 9, 3, 31, false);
      assertEquals(Status.GENERAL_ERROR, map(guest, HOLE + 2, HOST, 9, 6), "revoked");
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, one));
      assertEquals(1, Frames.references(page >>> 12));
      assertEquals(Status.OKAY, unmap(guest, (HOLE + 1) << 12, 0, two));
      assertEquals(0, Frames.references(page >>> 12));
      assertEquals(0, Frames.references(EventMachine.page(other, 31) >>> 12));
    });
  }

  /** A page that its owner gives back while it is mapped stays what it is until it is unmapped. */
  @Test
  void aMappedPageIsNotReused() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      long page = EventMachine.page(other, 30);
      long owned = other.memory.memory();
      int handle = map(guest, HOLE, HOST, 9, 6);
      assertEquals(Errno.OK, other.p2m.discard(EventMachine.gfn(30), 0));
      assertEquals(owned, other.memory.memory());
      assertEquals(page, guest.domain.p2m.lookup(HOLE).address());
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, handle));
      assertEquals(owned - 1, other.memory.memory());
    });
  }

  @Test
  void aMappingTakesThePlaceOfMemory() {
    Guest.domU(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 5, 30, false);
      long has = guest.domain.memory.memory();
      int handle = map(guest, EventMachine.gfn(50), HOST, 9, 6);
      assertEquals(EventMachine.page(other, 30), guest.at(EventMachine.gfn(50) << 12));
      assertEquals(has - 1, guest.domain.memory.memory(), "which is given back");
      assertEquals(Status.OKAY, unmap(guest, EventMachine.gfn(50) << 12, 0, handle));
    });
  }

  @Test
  void aDomainMapsItsOwnGrants() {
    Guest.dom0(guest -> {
      Granted.page(guest.domain, 9, 0, 30, false);
      int handle = map(guest, HOLE, HOST, 9, DomainId.SELF);
      assertEquals(EventMachine.page(guest.domain, 30), guest.domain.p2m.lookup(HOLE).address());
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, handle));
    });
  }

  /** More elements than a slice, one bad, the same handle twice. */
  @Test
  void listsAreContinuedAndEveryElementHasItsStatus() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      for (int i = 0; i < 100; i++) {
        Granted.page(other, 9 + i, 0, 30 + i, false);
        mapElement(guest, i, HOLE + i, HOST, 9 + i, i == 40 ? 7 : 6);
      }
      assertEquals(Errno.OK, call(guest, Gnttabop.MAP_GRANT_REF, A, 100));
      assertEquals(7, guest.calls);
      int[] handles = new int[100];
      for (int i = 0; i < 100; i++) {
        int status = guest.read32(A + 32L * i + 16) >> 16;
        assertEquals(i == 40 ? Status.BAD_DOMAIN : Status.OKAY, status);
        handles[i] = guest.read32(A + 32L * i + 20);
      }
      handles[60] = handles[61];
      for (int i = 0; i < 100; i++) {
        unmapElement(guest, i, i == 60 ? 0 : (HOLE + i) << 12, 0, handles[i]);
      }
      assertEquals(Errno.OK, call(guest, Gnttabop.UNMAP_GRANT_REF, A, 100));
      assertEquals(4, guest.calls);
      for (int i = 0; i < 100; i++) {
        int status = status(guest, A + 24L * i + 20);
        boolean bad = i == 40 || i == 61;
        assertEquals(bad ? Status.BAD_HANDLE : Status.OKAY, status, "element " + i);
        boolean mapped = i == 60 || i == 61;
        assertEquals(mapped, guest.domain.p2m.lookup(HOLE + i).isValid());
      }
    });
  }

  @Test
  void listsThatCannotBeReadAreRefused() {
    Guest.dom0(guest -> {
      for (int operation : new int[] {0, 1, 5, 7}) {
        assertEquals(Errno.OK, call(guest, operation, 0, 0));
        assertEquals(Errno.EINVAL, call(guest, operation, A, -1));
        assertEquals(Errno.EINVAL, call(guest, operation, A, 0x8000_0000L));
        for (long address : guest.badAddresses(40)) {
          assertEquals(Errno.EFAULT, call(guest, operation, address, 1));
        }
      }
      for (int operation : new int[] {3, 9, 11, 13, -1}) {
        assertEquals(Errno.ENOSYS, call(guest, operation, A, 1));
      }
      unmapElement(guest, 0, HOLE << 12, 0, 0);
      assertEquals(Errno.OK, call(guest, Gnttabop.UNMAP_AND_REPLACE, A, 1));
      assertEquals(Status.GENERAL_ERROR, status(guest, A + 20));
    });
  }

  @Test
  void theMaptrackHasALimit() {
    Guest.domU(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 5, 30, true);
      guest.domain.grants.setMaptrackLimit(1);
      int last = 0;
      for (int i = 0; i < 256; i++) {
        last = map(guest, 0x70000 + i, DEVICE | READ_ONLY, 9, 6);
        assertTrue(last >= 0);
      }
      assertEquals(Status.NO_SPACE, map(guest, HOLE, HOST | READ_ONLY, 9, 6));
      assertEquals(Status.OKAY, unmap(guest, 0, 1, last));
      assertTrue(map(guest, HOLE, HOST | READ_ONLY, 9, 6) >= 0);
      guest.domain.grants.setMaptrackLimit(2);
      guest.domain.memory.setOverheadLimit(guest.domain.memory.overhead());
      assertEquals(Status.NO_SPACE, map(guest, HOLE, HOST | READ_ONLY, 9, 6));
    });
  }

  // Copying

  private static void copyElement(
      Guest guest, long source, int sourceDomain, long target, int targetDomain, int flags) {
    guest.write64(A, source);
    guest.write16(A + 8, sourceDomain);
    guest.write16(A + 10, 0);
    guest.write64(A + 16, target);
    guest.write16(A + 24, targetDomain);
    guest.write16(A + 26, 0);
    guest.write16(A + 32, 4096);
    guest.write16(A + 34, flags);
    guest.write16(A + 36, 77);
  }

  private static int copy(Guest guest) {
    assertEquals(Errno.OK, call(guest, Gnttabop.COPY, A, 1));
    return status(guest, A + 36);
  }

  @Test
  void copiesBothWaysAndBetweenTwoGrants() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Domain third = guest.another(7);
      Granted.page(other, 9, 0, 30, true);
      Granted.page(third, 10, 0, 31, false);
      long source = EventMachine.page(other, 30);
      long target = EventMachine.page(third, 31);
      Memory.store64(source, 111);
      Memory.store64(source + 4088, 222);
      copyElement(guest, 9, 6, EventMachine.gfn(40), DomainId.SELF, 1);
      assertEquals(Status.OKAY, copy(guest));
      assertEquals(111, guest.read64(EventMachine.gfn(40) << 12));
      assertEquals(222, guest.read64((EventMachine.gfn(40) << 12) + 4088));
      copyElement(guest, 9, 6, 10, 7, 3);
      assertEquals(Status.OKAY, copy(guest));
      assertEquals(222, Memory.load64(target + 4088));
      guest.write64((EventMachine.gfn(40) << 12) + 8, 333);
      copyElement(guest, EventMachine.gfn(40), DomainId.SELF, 10, 7, 2);
      guest.write16(A + 10, 8);
      guest.write16(A + 26, 100);
      guest.write16(A + 32, 8);
      assertEquals(Status.OKAY, copy(guest));
      assertEquals(333, Memory.load64(target + 100));
      assertEquals(5, Granted.flags(other, 9));
      assertEquals(1, Granted.flags(third, 10));
      assertEquals(0, Frames.references(source >>> 12));
      assertEquals(0, Frames.references(target >>> 12));
      assertEquals(0, Frames.references(EventMachine.page(guest.domain, 40) >>> 12));
    });
  }

  @Test
  void copiesAreRefusedWithTheirStatus() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, true);
      Granted.page(other, 10, 0, 31, false);
      long own = EventMachine.gfn(40);
      int self = DomainId.SELF;
      copyElement(guest, own, self, 9, 6, 2);
      assertEquals(Status.GENERAL_ERROR, copy(guest), "granted for reading");
      copyElement(guest, 512, 6, own, self, 1);
      assertEquals(Status.BAD_GRANT_REFERENCE, copy(guest));
      copyElement(guest, 9, 5, own, self, 1);
      assertEquals(Status.BAD_DOMAIN, copy(guest));
      copyElement(guest, own, 6, own, self, 0);
      assertEquals(Status.PERMISSION_DENIED, copy(guest), "another's frame by its number");
      copyElement(guest, own, self, own, 0, 0);
      assertEquals(Status.PERMISSION_DENIED, copy(guest), "DOMID_SELF is spelt so");
      copyElement(guest, own, self, own + 1, self, 0);
      assertEquals(Status.OKAY, copy(guest));
      copyElement(guest, HOLE, self, 10, 6, 2);
      assertEquals(Status.BAD_PAGE, copy(guest));
      copyElement(guest, 9, 6, -1, self, 1);
      assertEquals(Status.BAD_PAGE, copy(guest));
      for (int[] range : new int[][] {{1, 0, 4096}, {0, 1, 4096}, {4096, 0, 1}, {65535, 0, 2}}) {
        copyElement(guest, 9, 6, own, self, 1);
        guest.write16(A + 10, range[0]);
        guest.write16(A + 26, range[1]);
        guest.write16(A + 32, range[2]);
        assertEquals(Status.BAD_COPY_ARGUMENT, copy(guest));
      }
      assertEquals(5, Granted.flags(other, 9));
      assertEquals(1, Granted.flags(other, 10));
      assertEquals(0, Frames.references(EventMachine.page(other, 30) >>> 12));
    });
  }

  /** XSA-230: the marks of a mapping stay when a copy of the same grant ends. */
  @Test
  void aCopyDoesNotEndAMapping() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      int handle = map(guest, HOLE, HOST | READ_ONLY, 9, 6);
      copyElement(guest, EventMachine.gfn(40), DomainId.SELF, 9, 6, 2);
      assertEquals(Status.OKAY, copy(guest));
      assertEquals(9, Granted.flags(other, 9), "reading still");
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, handle));
      assertEquals(1, Granted.flags(other, 9));
    });
  }

  // The end of a domain

  @Test
  void aDyingDomainUnmapsWhatItMapped() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      Granted.page(other, 10, 0, 31, false);
      long overhead = guest.domain.memory.overhead();
      map(guest, HOLE, HOST, 9, 6);
      map(guest, HOLE + 1, HOST | DEVICE, 10, 6);
      int steps = 0;
      while (!guest.domain.grants.teardown(1)) {
        steps++;
      }
      assertEquals(2, steps);
      assertEquals(1, Granted.flags(other, 9));
      assertEquals(0, Frames.references(EventMachine.page(other, 31) >>> 12));
      assertFalse(guest.domain.p2m.lookup(HOLE).isValid());
      assertEquals(overhead - 3, guest.domain.memory.overhead(), "table and uses too");
      assertEquals(Status.NO_SPACE, map(guest, HOLE, HOST, 9, 6), "closed");
    });
  }

  @Test
  void theTableOfADeadDomainStaysWhileItIsUsed() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      int handle = map(guest, HOLE, HOST, 9, 6);
      long overhead = other.memory.overhead();
      assertTrue(other.grants.teardown(10));
      assertEquals(overhead, other.memory.overhead());
      assertEquals(Status.BAD_DOMAIN, map(guest, HOLE + 1, HOST, 9, 6));
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, handle));
      assertEquals(overhead - 3, other.memory.overhead());
      assertTrue(other.grants.start(), "and again");
      Granted.page(other, 9, 0, 30, false);
      assertTrue(map(guest, HOLE, HOST, 9, 6) >= 0);
      assertEquals(-1, Frames.allocate(18, other.memory, FrameType.RAM));
    });
  }

  /** XSA-232: only what is the caller's, or granted to it and used by it. */
  @Test
  void cachesOfGrantedPagesAreFlushed() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Granted.page(other, 9, 0, 30, false);
      long page = EventMachine.page(other, 30);
      assertEquals(Errno.EPERM, flush(guest, page), "not in use");
      int handle = map(guest, HOLE, HOST, 9, 6);
      assertEquals(Errno.OK, flush(guest, page));
      assertEquals(1, Frames.references(page >>> 12));
      assertEquals(Errno.EPERM, flush(guest, EventMachine.page(other, 31)));
      for (long address : new long[] {0, -4096, 1L << 40, guest.domain.shared.info().address()}) {
        assertEquals(Errno.EPERM, flush(guest, address));
      }
      assertEquals(Status.OKAY, unmap(guest, HOLE << 12, 0, handle));
      assertEquals(Errno.EPERM, flush(guest, page));
    });
  }

  private static long flush(Guest guest, long address) {
    guest.write64(A, address);
    guest.write16(A + 8, 64);
    guest.write16(A + 10, 128);
    guest.write32(A + 12, 1);
    return call(guest, Gnttabop.CACHE_FLUSH, A, 1);
  }
}
