package ristretto.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.Evtchnop;
import ristretto.core.domain.Domain;
import ristretto.machine.Memory;

/** Ports that the hypervisor serves: a daemon in Dom0 at one end, a domain that has no say. */
class HypervisorPortsTest {
  private static int heard;

  private static void with(BiConsumer<Domain, Domain> body) {
    heard = 0;
    new EventMachine(1).run(m -> body.accept(m.domain(0, true, 1), m.domain(5, false, 2)));
  }

  private static int open(Domain served) {
    return (int) HypervisorPorts.open(served.events, 0, () -> heard++);
  }

  @Test
  void areHeardAtBothEnds() {
    with((dom0, served) -> {
      int port = open(served);
      HypervisorPorts.signal(served.events, port);
      int local = (int) Connections.bind(dom0, served, port);
      assertEquals(List.of(local), EventMachine.consume(dom0), "a new port starts pending");
      assertEquals(0, heard);
      assertEquals(Errno.OK, dom0.events.send(local));
      assertEquals(1, heard);
      HypervisorPorts.signal(served.events, port);
      assertEquals(List.of(local), EventMachine.consume(dom0));
      assertEquals(List.of(), EventMachine.consume(served), "nothing of it is the domain's");
    });
  }

  @Test
  void areNotTheDomains() {
    with((dom0, served) -> {
      int port = open(served);
      for (int round = 0; round < 2; round++) { // first unbound, then bound
        assertEquals(Errno.EINVAL, served.events.send(port));
        assertEquals(Errno.EINVAL, Connections.close(served, port));
        assertEquals(Errno.EINVAL, Bindings.bindVcpu(served.events, port, 1));
        while (!Connections.reset(served)) {}
        assertTrue(served.events.ports.at(port).inUse(), "survives a reset");
        long unused = Connections.bind(dom0, served, port);
      }
      assertEquals(0, heard);
    });
  }

  @Test
  void onlyWhoWasNamedBinds() {
    with((dom0, served) -> {
      int port = (int) HypervisorPorts.open(served.events, 7, () -> heard++);
      assertEquals(Errno.EINVAL, Connections.bind(dom0, served, port));
      assertEquals(Errno.EINVAL, Connections.bind(served, served, port));
    });
  }

  @Test
  void waitAgainWhenTheDaemonGoes() {
    with((dom0, served) -> {
      int port = open(served);
      int local = (int) Connections.bind(dom0, served, port);
      assertEquals(Errno.EINVAL, Connections.bind(dom0, served, port), "one daemon");
      assertEquals(Errno.OK, Connections.close(dom0, local));
      HypervisorPorts.signal(served.events, port);
      assertTrue(Connections.bind(dom0, served, port) > 0);
    });
  }

  @Test
  void endWithTheDomain() {
    with((dom0, served) -> {
      int local = (int) Connections.bind(dom0, served, open(served));
      while (!EventTeardown.step(served.events, 64)) {}
      assertTrue(dom0.events.ports.at(local).link().equalTo(Link.unbound(5)));
      assertEquals(Errno.OK, dom0.events.send(local));
      assertEquals(0, heard);
    });
  }

  @Test
  void theDaemonsEndIsMovedLikeAnyOther() {
    with((dom0, served) -> {
      int local = (int) Connections.bind(dom0, served, open(served));
      assertEquals(Errno.OK, Bindings.bindVcpu(dom0.events, local, 0));
    });
  }

  @Test
  void theirStatusIsThatOfOtherPorts() {
    with((dom0, served) -> {
      long page = EventMachine.page(dom0, 3);
      Evtchnop.Status status = new Evtchnop.Status(page);
      int port = open(served);
      assertEquals(Errno.OK, PortStatus.fill(served.events, port, status));
      assertEquals(Evtchnop.STATUS_UNBOUND, Memory.load32(page + Evtchnop.Status.STATUS));
      int local = (int) Connections.bind(dom0, served, port);
      assertEquals(Errno.OK, PortStatus.fill(served.events, port, status));
      assertEquals(Evtchnop.STATUS_INTERDOMAIN, Memory.load32(page + Evtchnop.Status.STATUS));
      assertEquals(Errno.OK, PortStatus.fill(dom0.events, local, status));
      assertEquals(Evtchnop.STATUS_INTERDOMAIN, Memory.load32(page + Evtchnop.Status.STATUS));
    });
  }
}
