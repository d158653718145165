package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomainId;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.DomctlState;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Virq;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.Domains;
import ristretto.core.domain.ShutdownReason;
import ristretto.core.event.Bindings;
import ristretto.core.event.DomainChanges;

/** XEN_DOMCTL_get_domain_state, as xenstored of Xen 4.21 asks it. */
class DomainStateOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long PAYLOAD = A + Domctl.PAYLOAD;
  private static final int EXISTS = 1;
  private static final int SHUT_DOWN = 2;
  private static final int DYING = 4;

  private static long ask(Guest guest, int domain) {
    guest.write32(A, DomctlCommand.GET_DOMAIN_STATE);
    guest.write32(A + Domctl.INTERFACE_VERSION, 0);
    guest.write64(A + Domctl.DOMAIN, domain);
    guest.write64(PAYLOAD, 0x1111);
    return guest.call(HypercallNumber.DOMCTL, A);
  }

  private static int state(Guest guest) {
    return guest.read32(PAYLOAD + DomctlState.STATE) & 0xffff;
  }

  private static int capabilities(Guest guest) {
    return guest.read32(PAYLOAD + DomctlState.STATE) >>> 16;
  }

  private static int answered(Guest guest) {
    return guest.read32(A + Domctl.DOMAIN) & 0xffff;
  }

  private static void subscribe(Guest guest) {
    DomainChanges.start();
    long port = Bindings.bindVirq(guest.domain.events, Virq.DOM_EXC, 0);
    assertNotEquals(0, port);
  }

  /** Everything that has changed, by number. */
  private static Set<Integer> changes(Guest guest) {
    Set<Integer> found = new TreeSet<>();
    while (ask(guest, DomainId.INVALID) == Errno.OK) {
      found.add(answered(guest));
    }
    assertEquals(Errno.ENOENT, ask(guest, DomainId.INVALID));
    return found;
  }

  @Test
  void isLaidOutAsThePublicHeaderHasIt() { // of 4.21, the first with it
    assertEquals(0, DomctlState.STATE);
    assertEquals(2, DomctlState.CAPS);
    assertEquals(4, DomctlState.PAD0);
    assertEquals(8, DomctlState.UNIQUE_ID);
    assertEquals(16, DomctlState.SIZEOF);
  }

  @Test
  void hasNoInterfaceVersion() {
    Guest.dom0(guest -> {
      assertEquals(Errno.OK, ask(guest, 0));
      for (int version : new int[] {0x15, 0x17, 0x18, -1}) {
        guest.write32(A + Domctl.INTERFACE_VERSION, version);
        assertEquals(Errno.EACCES, guest.call(HypercallNumber.DOMCTL, A));
      }
    });
  }

  @Test
  void describesTheDomainThatIsNamed() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      assertEquals(Errno.OK, ask(guest, 0));
      assertEquals(EXISTS, state(guest));
      assertEquals(3, capabilities(guest), "control and hardware");
      long dom0 = guest.read64(PAYLOAD + DomctlState.UNIQUE_ID);
      assertEquals(Errno.OK, ask(guest, 6));
      assertEquals(EXISTS, state(guest));
      assertEquals(0, capabilities(guest));
      assertEquals(0, guest.read32(PAYLOAD + DomctlState.PAD0));
      assertNotEquals(dom0, guest.read64(PAYLOAD + DomctlState.UNIQUE_ID));
      other.shutdown(ShutdownReason.POWEROFF);
      assertEquals(Errno.OK, ask(guest, 6));
      assertEquals(EXISTS | SHUT_DOWN, state(guest));
      boolean unused = DomainEnd.step(other);
      assertEquals(Errno.OK, ask(guest, 6));
      assertEquals(EXISTS | SHUT_DOWN | DYING, state(guest));
      assertEquals(Errno.ESRCH, ask(guest, 7));
    });
  }

  @Test
  void checksItsPadding() {
    Guest.dom0(guest -> {
      assertEquals(Errno.OK, ask(guest, 0));
      guest.write32(PAYLOAD + DomctlState.PAD0, 1);
      assertEquals(Errno.EINVAL, guest.call(HypercallNumber.DOMCTL, A));
    });
  }

  @Test
  void tellsOfChangesToWhoHearsOfThem() {
    Guest.dom0(guest -> {
      assertEquals(Errno.EACCES, ask(guest, DomainId.INVALID));
      Domain six = guest.another(6);
      subscribe(guest);
      assertEquals(Set.of(0, 6), changes(guest), "who is new hears of all");
      assertEquals(Set.of(), changes(guest));
      six.shutdown(ShutdownReason.REBOOT);
      assertEquals(Errno.OK, ask(guest, DomainId.INVALID));
      assertEquals(6, answered(guest));
      assertEquals(EXISTS | SHUT_DOWN, state(guest));
      assertEquals(Set.of(), changes(guest));
      boolean unused = DomainEnd.step(six);
      assertEquals(Set.of(6), changes(guest));
    });
  }

  @Test
  void aDomainThatIsGoneIsToldOfOnce() {
    Guest.dom0(guest -> {
      Domain six = guest.another(6);
      subscribe(guest);
      assertEquals(Set.of(0, 6), changes(guest));
      Domains.remove(six);
      DomainChanges.note(6);
      assertEquals(Errno.OK, ask(guest, DomainId.INVALID));
      assertEquals(6, answered(guest));
      assertEquals(0, guest.read64(PAYLOAD));
      assertEquals(0, guest.read64(PAYLOAD + DomctlState.UNIQUE_ID));
      assertEquals(Set.of(), changes(guest));
    });
  }
}
