package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.DomctlVuart;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.core.domain.Domain;
import ristretto.core.event.Connections;
import ristretto.core.event.EventMachine;

/** XEN_DOMCTL_vuart_op: its arguments, and when a domain can have a UART. */
class VuartOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long PAYLOAD = A + Domctl.PAYLOAD;
  private static final int PAGE = 9;

  private static Domain another(Guest guest) {
    Domain other = guest.another(6);
    other.vgic.reset(3, 64);
    return other;
  }

  private static long init(Guest guest, int domain, long gfn) {
    guest.write32(A, DomctlCommand.VUART_OP);
    guest.write32(A + Domctl.INTERFACE_VERSION, Domctl.VERSION_4_19);
    guest.write64(A + Domctl.DOMAIN, domain);
    guest.write64(PAYLOAD + DomctlVuart.GFN, gfn);
    return guest.call(HypercallNumber.DOMCTL, A);
  }

  @Test
  void answersThePortThatTheDaemonBindsTo() {
    Guest.dom0(guest -> {
      Domain other = another(guest);
      assertEquals(Errno.OK, init(guest, 6, EventMachine.gfn(PAGE)));
      int port = guest.read32(PAYLOAD + DomctlVuart.EVTCHN);
      assertTrue(Connections.bind(guest.domain, other, port) > 0);
      assertTrue(other.mmio.find(0x2200_0000L, 4) >= 0);
      assertTrue(other.mmio.find(0x2200_0ffcL, 4) >= 0);
      assertEquals(-1, other.mmio.find(0x2200_1000L, 4));
    });
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Guest.dom0(guest -> {
      Domain other = another(guest);
      guest.write32(PAYLOAD + DomctlVuart.CMD, 1);
      assertEquals(Errno.EINVAL, init(guest, 6, EventMachine.gfn(PAGE)));
      guest.write32(PAYLOAD + DomctlVuart.CMD, 0);
      guest.write32(PAYLOAD + DomctlVuart.TYPE, 1);
      assertEquals(Errno.EOPNOTSUPP, init(guest, 6, EventMachine.gfn(PAGE)));
      guest.write32(PAYLOAD + DomctlVuart.TYPE, 0);
      guest.write16(PAYLOAD + DomctlVuart.PAD, 0x100);
      assertEquals(Errno.EINVAL, init(guest, 6, EventMachine.gfn(PAGE)));
      guest.write16(PAYLOAD + DomctlVuart.PAD, 0);
      assertEquals(Errno.EINVAL, init(guest, 0, EventMachine.gfn(PAGE)), "Dom0 has the machine's");
      assertEquals(Errno.ESRCH, init(guest, 7, EventMachine.gfn(PAGE)));
      for (long gfn : new long[] {0, -1, Long.MIN_VALUE, 1L << 60, EventMachine.gfn(0) + 256}) {
        assertEquals(Errno.EINVAL, init(guest, 6, gfn), "frame " + gfn);
      }
      assertEquals(-1, other.mmio.find(0x2200_0000L, 4));
      assertEquals(Errno.OK, init(guest, 6, EventMachine.gfn(PAGE)));
      assertEquals(Errno.EINVAL, init(guest, 6, EventMachine.gfn(PAGE)), "a second one");
    });
  }

  @Test
  void isForADomainThatHasNotRun() {
    Guest.dom0(guest -> {
      another(guest).started = true;
      assertEquals(Errno.EPERM, init(guest, 6, EventMachine.gfn(PAGE)));
    });
  }
}
