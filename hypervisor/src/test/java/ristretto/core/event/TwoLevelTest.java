package ristretto.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.VcpuInfo;
import ristretto.abi.Virq;
import ristretto.core.domain.Domain;

class TwoLevelTest {
  private final EventMachine machine = new EventMachine(1);

  @Test
  void anEventToOneselfIsPendingSelectedAndSignalledOnce() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 1);
      int port = (int) domain.events.bindIpi(0);
      assertEquals(Errno.OK, domain.events.send(port));
      assertEquals(Errno.OK, domain.events.send(port));
      assertTrue(EventMachine.pendingBit(domain, port));
      assertEquals(List.of(domain.vcpus[0]), m.interrupted);
      assertEquals(List.of(port), EventMachine.consume(domain));
      assertEquals(Errno.OK, domain.events.send(port));
      assertEquals(2, m.interrupted.size());
    });
  }

  @Test
  void whatIsPendingIsSentAgainWithoutTheLock() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 1);
      int port = (int) domain.events.bindIpi(0);
      domain.events.send(port);
      domain.events.lock.lock(); // taking it once more would be a fault
      assertEquals(Errno.OK, domain.events.send(port));
      domain.events.lock.unlock();
      assertEquals(1, m.interrupted.size());
    });
  }

  @Test
  void aMaskedEventIsPendingAndQuietUntilUnmasked() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 1);
      int port = (int) domain.events.bindIpi(0);
      EventMachine.setMask(domain, port, true);
      domain.events.send(port);
      assertTrue(EventMachine.pendingBit(domain, port));
      assertTrue(m.interrupted.isEmpty());
      assertEquals(Errno.OK, domain.events.unmask(port));
      assertEquals(1, m.interrupted.size());
      assertEquals(List.of(port), EventMachine.consume(domain));
    });
  }

  @Test
  void unmaskingWhatIsNotPendingOrNotMaskedSaysNothing() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 1);
      int port = (int) domain.events.bindIpi(0);
      domain.events.unmask(port);
      EventMachine.setMask(domain, port, true);
      domain.events.unmask(port);
      assertTrue(m.interrupted.isEmpty());
      assertFalse(EventMachine.pendingBit(domain, port));
      assertEquals(Errno.EINVAL, domain.events.unmask(port + 1));
    });
  }

  @Test
  void aVcpuWithoutVcpuInfoIsToldWhenItRegistersOne() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 2);
      int port = (int) domain.events.bindIpi(1);
      domain.events.send(port);
      assertTrue(m.interrupted.isEmpty());
      assertEquals(
          Errno.OK, domain.events.registerVcpuInfo(domain.vcpus[1], EventMachine.gfn(3), 64));
      assertEquals(List.of(domain.vcpus[1]), m.interrupted);
      VcpuInfo info = new VcpuInfo(EventMachine.page(domain, 3) + 64);
      assertTrue(info.upcallPending());
      assertEquals(-1, ristretto.machine.Memory.load64(info.selector()));
    });
  }

  @Test
  void vcpuInfoIsRegisteredOnceAlignedAndInsideItsPage() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 2);
      EventChannels events = domain.events;
      for (int offset = 0; offset <= 4096; offset++) {
        if (offset % VcpuInfo.ALIGNMENT != 0 || offset > 4096 - VcpuInfo.SIZEOF) {
          assertEquals(
              Errno.EINVAL,
              events.registerVcpuInfo(domain.vcpus[1], EventMachine.gfn(3), offset),
              "XSA-327: offset " + offset);
        }
      }
      assertEquals(Errno.EINVAL, events.registerVcpuInfo(domain.vcpus[1], 0, 0), "no RAM");
      assertEquals(Errno.EINVAL, events.registerVcpuInfo(domain.vcpus[1], -1, 0), "XSA-301");
      int last = 4096 - VcpuInfo.SIZEOF;
      assertEquals(Errno.OK, events.registerVcpuInfo(domain.vcpus[1], EventMachine.gfn(3), last));
      assertEquals(Errno.EINVAL, events.registerVcpuInfo(domain.vcpus[1], EventMachine.gfn(4), 0));
    });
  }

  @Test
  void virqsAreBoundOnceAndByTheRightDomain() {
    machine.run(m -> {
      Domain dom0 = m.domain(0, true, 2);
      Domain guest = m.domain(1, false, 2);
      assertEquals(Errno.EPERM, guest.events.bindVirq(Virq.DOM_EXC, 0));
      assertEquals(Errno.EINVAL, guest.events.bindVirq(Virq.COUNT, 0));
      assertEquals(Errno.EINVAL, guest.events.bindVirq(-1, 0));
      assertEquals(Errno.ENOENT, guest.events.bindVirq(Virq.DEBUG, 2));
      assertEquals(Errno.EINVAL, dom0.events.bindVirq(Virq.CONSOLE, 1), "global: vCPU 0");
      int port = (int) dom0.events.bindVirq(Virq.CONSOLE, 0);
      assertTrue(port > 0);
      assertEquals(Errno.EEXIST, dom0.events.bindVirq(Virq.CONSOLE, 0));
      dom0.events.sendVirq(Virq.CONSOLE);
      assertEquals(List.of(port), EventMachine.consume(dom0));
      assertTrue(guest.events.bindVirq(Virq.DEBUG, 0) > 0);
      assertTrue(guest.events.bindVirq(Virq.DEBUG, 1) > 0);
      guest.events.sendVirq(Virq.DOM_EXC); // not bound: nothing
    });
  }

  @Test
  void aVirqIsFreeAgainWhenItsPortIsClosed() {
    machine.run(m -> {
      Domain dom0 = m.domain(0, true, 2);
      int port = (int) dom0.events.bindVirq(Virq.CONSOLE, 0);
      assertEquals(Errno.OK, dom0.events.bindVcpu(port, 1));
      assertEquals(Errno.OK, Connections.close(dom0, port));
      dom0.events.sendVirq(Virq.CONSOLE);
      assertFalse(EventMachine.pendingBit(dom0, port));
      assertEquals(port, dom0.events.bindVirq(Virq.CONSOLE, 0));
    });
  }

  @Test
  void onlyWhatMayMoveMoves() {
    machine.run(m -> {
      Domain dom0 = m.domain(0, true, 2);
      assertEquals(Errno.EINVAL, dom0.events.bindVcpu(1, 0), "free");
      int ipi = (int) dom0.events.bindIpi(0);
      int debug = (int) dom0.events.bindVirq(Virq.DEBUG, 0);
      int console = (int) dom0.events.bindVirq(Virq.CONSOLE, 0);
      int unbound = (int) dom0.events.allocateUnbound(0);
      assertEquals(Errno.EINVAL, dom0.events.bindVcpu(ipi, 1));
      assertEquals(Errno.EINVAL, dom0.events.bindVcpu(debug, 1));
      assertEquals(Errno.OK, dom0.events.bindVcpu(console, 1));
      assertEquals(Errno.OK, dom0.events.bindVcpu(unbound, 1));
      assertEquals(Errno.ENOENT, dom0.events.bindVcpu(unbound, 2));
      assertEquals(Errno.ENOENT, dom0.events.bindVcpu(unbound, -1));
      assertEquals(Errno.ENOENT, dom0.events.bindIpi(255));
    });
  }
}
