package ristretto.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.Evtchnop;
import ristretto.abi.Virq;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;

class ConnectionsTest {
  private final EventMachine machine = new EventMachine(1);

  @Test
  void connectsTwoDomainsAndSignalsBothWays() {
    machine.run(m -> {
      Domain one = m.domain(1, false, 1);
      Domain two = m.domain(2, false, 1);
      int far = (int) Bindings.allocateUnbound(two.events, 1);
      assertEquals(Errno.OK, two.events.send(far), "nobody hears it");
      int near = (int) Connections.bind(one, two, far);
      assertEquals(List.of(near), EventMachine.consume(one), "a new channel starts pending");
      one.events.send(near);
      assertEquals(List.of(far), EventMachine.consume(two));
      two.events.send(far);
      assertEquals(List.of(near), EventMachine.consume(one));
    });
  }

  @Test
  void refusesAPortThatWaitsForSomebodyElse() {
    machine.run(m -> {
      Domain one = m.domain(1, false, 1);
      Domain two = m.domain(2, false, 1);
      Domain three = m.domain(3, false, 1);
      int far = (int) Bindings.allocateUnbound(two.events, 3);
      assertEquals(Errno.EINVAL, Connections.bind(one, two, far));
      assertEquals(Errno.EINVAL, Connections.bind(one, two, 0));
      assertEquals(Errno.EINVAL, Connections.bind(one, two, -1));
      assertEquals(Errno.EINVAL, Connections.bind(one, two, (int) Bindings.bindIpi(two.events, 0)));
      int near = (int) Connections.bind(three, two, far);
      assertTrue(near > 0);
      assertEquals(Errno.EINVAL, Connections.bind(three, two, far), "connected already");
      assertEquals(
          1, Bindings.allocateUnbound(one.events, 2), "failed attempts left no port behind");
    });
  }

  @Test
  void connectsADomainWithItself() {
    machine.run(m -> {
      Domain one = m.domain(1, false, 1);
      int first = (int) Bindings.allocateUnbound(one.events, 1);
      int second = (int) Connections.bind(one, one, first);
      EventMachine.consume(one);
      one.events.send(first);
      assertEquals(List.of(second), EventMachine.consume(one));
      assertEquals(Errno.OK, Connections.close(one, first));
      one.events.send(second);
      assertEquals(List.of(), EventMachine.consume(one));
    });
  }

  @Test
  void theEndThatStaysWaitsForANewConnection() {
    machine.run(m -> {
      Domain one = m.domain(1, false, 1);
      Domain two = m.domain(2, false, 1);
      int far = (int) Bindings.allocateUnbound(two.events, 1);
      int near = (int) Connections.bind(one, two, far);
      assertEquals(Errno.OK, Connections.close(one, near));
      assertEquals(Errno.EINVAL, Connections.close(one, near));
      assertEquals(Errno.OK, two.events.send(far));
      assertFalse(EventMachine.pendingBit(one, near));
      assertEquals(near, Connections.bind(one, two, far));
    });
  }

  @Test
  void aDeadDomainHearsNothing() {
    machine.run(m -> {
      Domain one = m.domain(1, false, 1);
      Domain two = m.domain(2, false, 1);
      int near = (int) Connections.bind(one, two, (int) Bindings.allocateUnbound(two.events, 1));
      while (!Connections.reset(two)) {}
      Domains.remove(two);
      assertEquals(Errno.OK, one.events.send(near));
      Domain successor = m.domain(2, false, 1);
      Bindings.allocateUnbound(successor.events, 3);
      assertEquals(Errno.OK, one.events.send(near));
      assertEquals(List.of(), EventMachine.consume(successor));
    });
  }

  @Test
  void statusTellsEachState() {
    machine.run(m -> {
      Domain one = m.domain(1, true, 2);
      Domain two = m.domain(2, false, 1);
      Evtchnop.Status status = new Evtchnop.Status(Cpu.current().scratch);
      int unbound = (int) Bindings.allocateUnbound(one.events, 2);
      int virq = (int) Bindings.bindVirq(one.events, Virq.DOM_EXC, 0);
      int ipi = (int) Bindings.bindIpi(one.events, 1);
      assertStatus(one, unbound, status, Evtchnop.STATUS_UNBOUND, 0);
      assertEquals(2, ristretto.machine.Memory.load16(status.address() + 16));
      Connections.bind(two, one, unbound);
      assertStatus(one, unbound, status, Evtchnop.STATUS_INTERDOMAIN, 0);
      assertStatus(one, virq, status, Evtchnop.STATUS_VIRQ, 0);
      assertEquals(Virq.DOM_EXC, ristretto.machine.Memory.load32(status.address() + 16));
      assertStatus(one, ipi, status, Evtchnop.STATUS_IPI, 1);
      assertStatus(one, ipi + 1, status, Evtchnop.STATUS_CLOSED, 0);
      assertEquals(Errno.EINVAL, PortStatus.fill(one.events, 1 << 17, status));
    });
  }

  private static void assertStatus(
      Domain domain, int port, Evtchnop.Status status, int expected, int vcpu) {
    assertEquals(Errno.OK, PortStatus.fill(domain.events, port, status));
    assertEquals(expected, ristretto.machine.Memory.load32(status.address() + 8));
    assertEquals(vcpu, ristretto.machine.Memory.load32(status.address() + 12));
  }

  /** XSA-317, XSA-496: no port left, or no memory for one, is an error and changes nothing else. */
  @Test
  void exhaustionIsAnErrorAndLeavesBindingsAlone() {
    machine.run(m -> {
      Domain one = m.domain(1, true, 1);
      int exception = (int) Bindings.bindVirq(one.events, Virq.DOM_EXC, 0);
      one.events.maximumPorts = 600;
      int count = 1;
      long port;
      while ((port = Bindings.allocateUnbound(one.events, 2)) > 0) {
        count++;
        assertEquals(count, port);
      }
      assertEquals(Errno.ENOSPC, port);
      assertEquals(599, count);
      assertEquals(Errno.ENOSPC, Bindings.bindVirq(one.events, Virq.DEBUG, 0));
      assertEquals(Errno.ENOSPC, Connections.bind(one, one, 2));
      one.events.sendVirq(Virq.DOM_EXC);
      assertEquals(List.of(exception), EventMachine.consume(one));
      Connections.close(one, 300);
      assertEquals(300, Bindings.bindVirq(one.events, Virq.DEBUG, 0), "the lowest that is free");
    });
  }

  @Test
  void noMemoryForPortsIsAnError() {
    machine.run(m -> {
      Domain one = m.domain(1, false, 1);
      one.memory.setOverheadLimit(one.memory.overhead());
      assertEquals(Errno.ENOMEM, Bindings.allocateUnbound(one.events, 2));
      one.memory.setOverheadLimit(one.memory.overhead() + 2);
      assertEquals(1, Bindings.allocateUnbound(one.events, 2));
      for (int i = 2; i < 256; i++) {
        assertEquals(i, Bindings.allocateUnbound(one.events, 2));
      }
      assertEquals(Errno.ENOMEM, Bindings.allocateUnbound(one.events, 2));
      assertEquals(Errno.OK, Connections.close(one, 7));
      assertEquals(7, Bindings.allocateUnbound(one.events, 2));
    });
  }

  /** XSA-344: many ports are closed in slices. */
  @Test
  void resetClosesEverythingInSlices() {
    machine.run(m -> {
      Domain one = m.domain(1, false, 1);
      Domain two = m.domain(2, false, 1);
      for (int i = 0; i < 1000; i++) {
        Connections.bind(one, two, (int) Bindings.allocateUnbound(two.events, 1));
      }
      int slices = 1;
      while (!Connections.reset(one)) {
        slices++;
      }
      assertTrue(slices >= 1000 / Connections.SLICE, "slices: " + slices);
      assertEquals(1, Bindings.allocateUnbound(one.events, 2));
      Evtchnop.Status status = new Evtchnop.Status(Cpu.current().scratch);
      assertStatus(two, 1000, status, Evtchnop.STATUS_UNBOUND, 0);
    });
  }
}
