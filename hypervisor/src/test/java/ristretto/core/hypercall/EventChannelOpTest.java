package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.DomainId;
import ristretto.abi.Errno;
import ristretto.abi.Evtchnop;
import ristretto.abi.Virq;
import ristretto.core.domain.Domain;
import ristretto.core.event.Bindings;
import ristretto.core.event.EventMachine;

class EventChannelOpTest {
  private static final long A = Guest.ARGUMENT;

  private static final int[] SIZES = {12, 12, 12, 4, 4, 24, 8, 8, 8, 4, 2, 24, 8, 8};

  @Test
  void aBadPointerIsRefusedBeforeAnythingHappens() {
    Guest.domU(guest -> {
      for (int operation = 0; operation < SIZES.length; operation++) {
        long expected = operation == Evtchnop.BIND_PIRQ ? Errno.EOPNOTSUPP : Errno.EFAULT;
        for (long address : guest.badAddresses(SIZES[operation])) {
          assertEquals(expected, guest.events(operation, address), operation + "@" + address);
        }
      }
      assertEquals(1, Bindings.allocateUnbound(guest.domain.events, 0), "no port was left behind");
    });
  }

  @Test
  void aPortWhoseNumberCannotBeToldIsGivenBack() {
    Guest.domU(guest -> {
      Domain other = guest.another(6);
      Bindings.allocateUnbound(other.events, 5);
      guest.write16(A, DomainId.SELF);
      guest.write16(A + 2, 0);
      guest.write32(A + 4, 0);
      guest.readOnly(A);
      assertEquals(Errno.EFAULT, guest.events(Evtchnop.ALLOC_UNBOUND, A));
      guest.write32(A, Virq.DEBUG);
      assertEquals(Errno.EFAULT, guest.events(Evtchnop.BIND_VIRQ, A));
      guest.write32(A, 0);
      assertEquals(Errno.EFAULT, guest.events(Evtchnop.BIND_IPI, A));
      guest.write16(A, 6);
      guest.write32(A + 4, 1);
      assertEquals(Errno.EFAULT, guest.events(Evtchnop.BIND_INTERDOMAIN, A));
      assertEquals(1, Bindings.allocateUnbound(guest.domain.events, 0));
      assertEquals(Errno.ENOENT, Bindings.bindVirq(guest.domain.events, Virq.DEBUG, 9));
      assertTrue(Bindings.bindVirq(guest.domain.events, Virq.DEBUG, 0) > 0, "still free");
    });
  }

  @Test
  void allocatesForOthersOnlyIfPrivileged() {
    Guest.domU(guest -> {
      assertEquals(Errno.EPERM, allocate(guest, 0, 5));
      assertEquals(Errno.ESRCH, allocate(guest, 77, 5));
      assertEquals(Errno.ESRCH, allocate(guest, DomainId.IO, 5));
      assertEquals(Errno.OK, allocate(guest, DomainId.SELF, DomainId.SELF));
      assertEquals(1, guest.read32(A + 4));
      assertEquals(Errno.OK, allocate(guest, 5, 0), "its own number");
    });
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      assertEquals(Errno.OK, allocate(guest, 6, 0));
      assertEquals(2, Bindings.allocateUnbound(other.events, 0));
    });
  }

  private static long allocate(Guest guest, int domain, int remote) {
    guest.write16(A, domain);
    guest.write16(A + 2, remote);
    return guest.events(Evtchnop.ALLOC_UNBOUND, A);
  }

  @Test
  void statusOfOthersIsForThePrivileged() {
    Guest.domU(guest -> {
      assertEquals(Errno.EPERM, status(guest, 0, 1));
      assertEquals(Errno.ESRCH, status(guest, 99, 1));
      assertEquals(Errno.EINVAL, status(guest, DomainId.SELF, 1));
      int port = (int) Bindings.bindIpi(guest.domain.events, 1);
      guest.paint(A);
      assertEquals(Errno.OK, status(guest, DomainId.SELF, port));
      assertEquals(Evtchnop.STATUS_IPI, guest.read32(A + 8));
      assertEquals(1, guest.read32(A + 12));
      assertEquals(0, guest.read64(A + 16), "XSA-132: nothing of what was there");
    });
  }

  private static long status(Guest guest, int domain, int port) {
    guest.write16(A, domain);
    guest.write32(A + 4, port);
    return guest.events(Evtchnop.STATUS, A);
  }

  @Test
  void sendsToItself() {
    Guest.domU(guest -> {
      guest.write32(A, 0);
      assertEquals(Errno.OK, guest.events(Evtchnop.BIND_IPI, A));
      int port = guest.read32(A + 4);
      guest.write32(A, port);
      assertEquals(Errno.OK, guest.events(Evtchnop.SEND, A));
      assertEquals(List.of(port), EventMachine.consume(guest.domain));
      for (int bad : new int[] {0, port + 1, 4096, 1 << 17, -1, Integer.MIN_VALUE}) {
        guest.write32(A, bad);
        assertEquals(Errno.EINVAL, guest.events(Evtchnop.SEND, A));
        assertEquals(Errno.EINVAL, guest.events(Evtchnop.UNMASK, A));
        assertEquals(Errno.EINVAL, guest.events(Evtchnop.CLOSE, A));
      }
    });
  }

  @Test
  void aVirqPortIsNotTheGuestsToSend() {
    Guest.domU(guest -> {
      guest.write32(A, (int) Bindings.bindVirq(guest.domain.events, Virq.DEBUG, 0));
      assertEquals(Errno.EINVAL, guest.events(Evtchnop.SEND, A));
    });
  }

  @Test
  void resetIsContinuedAndOnlyOfItselfUnlessPrivileged() {
    Guest.domU(guest -> {
      for (int i = 0; i < 1000; i++) {
        Bindings.allocateUnbound(guest.domain.events, 0);
      }
      guest.write16(A, 0);
      assertEquals(Errno.EPERM, guest.events(Evtchnop.RESET, A));
      guest.write16(A, DomainId.SELF);
      assertEquals(Errno.OK, guest.events(Evtchnop.RESET, A));
      assertTrue(guest.calls > 4, "calls: " + guest.calls);
      assertEquals(1, Bindings.allocateUnbound(guest.domain.events, 0));
    });
  }

  @Test
  void controlBlockAnswersTheWidthOfLinks() {
    Guest.domU(guest -> {
      guest.write64(A, EventMachine.gfn(30));
      guest.write32(A + 8, 0);
      guest.write32(A + 12, 1);
      assertEquals(Errno.OK, guest.events(Evtchnop.INIT_CONTROL, A));
      assertEquals(17, guest.read8(A + 16));
      assertEquals(Errno.EINVAL, guest.events(Evtchnop.INIT_CONTROL, A));
      guest.write64(A, EventMachine.gfn(31));
      assertEquals(Errno.OK, guest.events(Evtchnop.EXPAND_ARRAY, A));
      guest.write64(A, -1);
      assertEquals(Errno.EINVAL, guest.events(Evtchnop.EXPAND_ARRAY, A));
    });
  }

  /** Any numbers at all: no fault, no lock left, and the domain's memory account balances. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void survivesNonsense(long seed) {
    Guest.domU(guest -> {
      Random random = new Random(seed);
      guest.domain.memory.setOverheadLimit(guest.domain.memory.overhead() + 20);
      for (int i = 0; i < 3000; i++) {
        for (int offset = 0; offset < 24; offset += 4) {
          guest.write32(A + offset, nonsense(random));
        }
        guest.events(random.nextInt(16) - 1, A);
      }
      for (int port = 1; port < 5000; port++) {
        guest.write32(A, port);
        guest.events(Evtchnop.CLOSE, A);
      }
      guest.write16(A, DomainId.SELF);
      assertEquals(Errno.OK, guest.events(Evtchnop.RESET, A));
      for (int page = 0; page < 256; page++) {
        long frame = EventMachine.page(guest.domain, page) >>> 12;
        assertEquals(0, ristretto.core.mm.Frames.references(frame), "seed " + seed);
      }
    });
  }

  private static int nonsense(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt();
      case 1 -> DomainId.SELF | random.nextInt(8) << 16;
      case 2 -> (int) EventMachine.gfn(random.nextInt(256));
      case 3 -> 0;
      default -> random.nextInt(12);
    };
  }
}
