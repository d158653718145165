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
      int port = (int) Bindings.bindIpi(domain.events, 0);
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
      int port = (int) Bindings.bindIpi(domain.events, 0);
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
      int port = (int) Bindings.bindIpi(domain.events, 0);
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
      int port = (int) Bindings.bindIpi(domain.events, 0);
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
      int port = (int) Bindings.bindIpi(domain.events, 1);
      domain.events.send(port);
      assertTrue(m.interrupted.isEmpty());
      assertEquals(Errno.OK, VcpuInfoPage.register(domain.vcpus[1], EventMachine.gfn(3), 64));
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
      for (int offset = 0; offset <= 4096; offset++) {
        if (offset % VcpuInfo.ALIGNMENT != 0 || offset > 4096 - VcpuInfo.SIZEOF) {
          assertEquals(
              Errno.EINVAL,
              VcpuInfoPage.register(domain.vcpus[1], EventMachine.gfn(3), offset),
              "XSA-327: offset " + offset);
        }
      }
      assertEquals(Errno.EINVAL, VcpuInfoPage.register(domain.vcpus[1], 0, 0), "no RAM");
      assertEquals(Errno.EINVAL, VcpuInfoPage.register(domain.vcpus[1], -1, 0), "XSA-301");
      int last = 4096 - VcpuInfo.SIZEOF;
      assertEquals(Errno.OK, VcpuInfoPage.register(domain.vcpus[1], EventMachine.gfn(3), last));
      assertEquals(Errno.EINVAL, VcpuInfoPage.register(domain.vcpus[1], EventMachine.gfn(4), 0));
    });
  }

  @Test
  void virqsAreBoundOnceAndByTheRightDomain() {
    machine.run(m -> {
      Domain dom0 = m.domain(0, true, 2);
      Domain guest = m.domain(1, false, 2);
      assertEquals(Errno.EPERM, Bindings.bindVirq(guest.events, Virq.DOM_EXC, 0));
      assertEquals(Errno.EINVAL, Bindings.bindVirq(guest.events, Virq.COUNT, 0));
      assertEquals(Errno.EINVAL, Bindings.bindVirq(guest.events, -1, 0));
      assertEquals(Errno.ENOENT, Bindings.bindVirq(guest.events, Virq.DEBUG, 2));
      assertEquals(Errno.EINVAL, Bindings.bindVirq(dom0.events, Virq.CONSOLE, 1), "global: vCPU 0");
      int port = (int) Bindings.bindVirq(dom0.events, Virq.CONSOLE, 0);
      assertTrue(port > 0);
      assertEquals(Errno.EEXIST, Bindings.bindVirq(dom0.events, Virq.CONSOLE, 0));
      dom0.events.sendVirq(Virq.CONSOLE);
      assertEquals(List.of(port), EventMachine.consume(dom0));
      assertTrue(Bindings.bindVirq(guest.events, Virq.DEBUG, 0) > 0);
      assertTrue(Bindings.bindVirq(guest.events, Virq.DEBUG, 1) > 0);
      guest.events.sendVirq(Virq.DOM_EXC); // not bound: nothing
    });
  }

  @Test
  void aVirqIsFreeAgainWhenItsPortIsClosed() {
    machine.run(m -> {
      Domain dom0 = m.domain(0, true, 2);
      int port = (int) Bindings.bindVirq(dom0.events, Virq.CONSOLE, 0);
      assertEquals(Errno.OK, Bindings.bindVcpu(dom0.events, port, 1));
      assertEquals(Errno.OK, Connections.close(dom0, port));
      dom0.events.sendVirq(Virq.CONSOLE);
      assertFalse(EventMachine.pendingBit(dom0, port));
      assertEquals(port, Bindings.bindVirq(dom0.events, Virq.CONSOLE, 0));
    });
  }

  @Test
  void onlyWhatMayMoveMoves() {
    machine.run(m -> {
      Domain dom0 = m.domain(0, true, 2);
      assertEquals(Errno.EINVAL, Bindings.bindVcpu(dom0.events, 1, 0), "free");
      int ipi = (int) Bindings.bindIpi(dom0.events, 0);
      int debug = (int) Bindings.bindVirq(dom0.events, Virq.DEBUG, 0);
      int console = (int) Bindings.bindVirq(dom0.events, Virq.CONSOLE, 0);
      int unbound = (int) Bindings.allocateUnbound(dom0.events, 0);
      assertEquals(Errno.EINVAL, Bindings.bindVcpu(dom0.events, ipi, 1));
      assertEquals(Errno.EINVAL, Bindings.bindVcpu(dom0.events, debug, 1));
      assertEquals(Errno.OK, Bindings.bindVcpu(dom0.events, console, 1));
      assertEquals(Errno.OK, Bindings.bindVcpu(dom0.events, unbound, 1));
      assertEquals(Errno.ENOENT, Bindings.bindVcpu(dom0.events, unbound, 2));
      assertEquals(Errno.ENOENT, Bindings.bindVcpu(dom0.events, unbound, -1));
      assertEquals(Errno.ENOENT, Bindings.bindIpi(dom0.events, 255));
    });
  }
}
