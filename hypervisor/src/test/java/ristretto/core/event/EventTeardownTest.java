package ristretto.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.Errno;
import ristretto.abi.Virq;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.domain.Domain;
import ristretto.core.mm.Frames;
import ristretto.sim.Switching;

/** The end of a domain, as its event channels see it. */
class EventTeardownTest {
  private static void with(java.util.function.BiConsumer<Domain, Domain> body) {
    new EventMachine(1).run(m -> body.accept(m.domain(0, true, 1), m.domain(5, false, 2)));
  }

  private static int connect(Domain dom0, Domain other) {
    int port = (int) Bindings.allocateUnbound(other.events, 0);
    return (int) Connections.bind(dom0, other, port);
  }

  private static void finish(Domain domain) {
    while (!EventTeardown.step(domain.events, 64)) {}
  }

  @Test
  void everythingIsGivenBack() {
    with((dom0, other) -> {
      long block = 2; // pages of its vCPUs
      long grants = other.memory.overhead() - block - 1;
      for (int i = 0; i < 1000; i++) {
        Bindings.allocateUnbound(other.events, 0);
      }
      Bindings.bindVirq(other.events, Virq.TIMER, 1);
      assertEquals(Errno.OK, VcpuInfoPage.register(other.vcpus[1], EventMachine.gfn(9), 0));
      assertEquals(Errno.OK, FifoSetup.initControl(other.events, 0, EventMachine.gfn(10), 0));
      assertEquals(Errno.OK, FifoSetup.expandArray(other.events, EventMachine.gfn(11)));
      assertEquals(
          Errno.OK, other.vcpus[0].runstate.register(EventMachine.gfn(12) << Frames.SHIFT, true));
      finish(other);
      assertEquals(block + grants, other.memory.overhead());
      for (int page = 9; page < 13; page++) {
        assertEquals(0, Frames.references(EventMachine.page(other, page) >>> Frames.SHIFT));
      }
      assertFalse(other.shared.isStarted());
      assertEquals(Errno.EINVAL, other.shared.map(0x38000));
      assertTrue(EventTeardown.step(other.events, 1), "again");
    });
  }

  @Test
  void theOtherEndWaits() {
    with((dom0, other) -> {
      int port = connect(dom0, other);
      assertEquals(Errno.OK, dom0.events.send(port));
      finish(other);
      assertTrue(dom0.events.ports.at(port).link().equalTo(Link.unbound(5)));
      assertEquals(Errno.OK, dom0.events.send(port), "nobody hears it");
      assertEquals(Errno.OK, Connections.close(dom0, port));
    });
  }

  @Test
  void aDyingDomainGetsNoPort() {
    with((dom0, other) -> {
      int waiting = (int) Bindings.allocateUnbound(dom0.events, 5);
      connect(dom0, other);
      assertFalse(EventTeardown.step(other.events, 0));
      assertEquals(Errno.ESRCH, Bindings.allocateUnbound(other.events, 0));
      assertEquals(Errno.ESRCH, Connections.bind(other, dom0, waiting));
      assertEquals(Errno.ESRCH, Bindings.bindIpi(other.events, 0));
      finish(other);
      assertEquals(Errno.EINVAL, Connections.bind(dom0, other, 1));
    });
  }

  @Test
  void thePortsAreClosedInSteps() {
    with((dom0, other) -> {
      for (int i = 0; i < 500; i++) {
        Bindings.allocateUnbound(other.events, 0);
      }
      int steps = 1;
      while (!EventTeardown.step(other.events, 64)) {
        steps++;
      }
      assertTrue(steps >= 8, "steps: " + steps);
    });
  }

  @Test
  void theNextLifeBeginsAnew() {
    with((dom0, other) -> {
      int port = connect(dom0, other);
      assertEquals(Errno.OK, FifoSetup.initControl(other.events, 0, EventMachine.gfn(10), 0));
      finish(other);
      assertTrue(other.shared.start());
      assertEquals(other.shared.info().vcpu0().address(), other.vcpus[0].events.vcpuInfo);
      other.vcpus[0].events.open();
      assertEquals(other.shared.info().vcpu0().address(), other.vcpus[0].events.vcpuInfo);
      assertEquals(1, Bindings.allocateUnbound(other.events, 0));
      assertEquals(Errno.OK, dom0.events.send(port), "the old end of Dom0 reaches nobody");
      assertFalse(other.events.isPending(1));
      int again = (int) Connections.bind(dom0, other, 1);
      assertEquals(Errno.OK, dom0.events.send(again));
      assertTrue(other.events.isPending(1));
    });
  }

  /** Others bind, send, close, ask and reset while a domain ends. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void othersNoticeNothingElse(long seed) {
    EventMachine m = new EventMachine(3);
    m.machine.schedule(Switching.RANDOM, seed).stepLimit(3_000_000);
    Domain[] domains = new Domain[2];
    long[] overhead = new long[1];
    m.machine.run(() -> {
      m.start();
      domains[0] = m.domain(0, true, 1);
      domains[1] = m.domain(5, false, 1);
      overhead[0] = domains[1].memory.overhead();
      for (int i = 0; i < 20; i++) {
        connect(domains[0], domains[1]);
      }
    });
    m.machine.runAll(
        () -> {
          Cpu cpu = EventMachine.enterCpu(0);
          while (!EventTeardown.step(domains[1].events, 3)) {}
          assertEquals(0, HeldLocks.count(cpu));
        },
        () -> disturb(1, domains, new Random(seed)),
        () -> disturb(2, domains, new Random(seed + 100)));
    m.machine.run(() -> {
      EventMachine.enterCpu(0);
      assertEquals(overhead[0] - 1, domains[1].memory.overhead(), "its shared page is gone too");
      for (int port = 1; port < 60; port++) {
        Port entry = domains[0].events.ports.at(port);
        assertTrue(!entry.exists() || entry.link().state() != Link.INTERDOMAIN);
      }
    });
  }

  private static void disturb(int index, Domain[] domains, Random random) {
    Cpu cpu = EventMachine.enterCpu(index);
    long status = EventMachine.RAM + (1L << 20) + 64L * index;
    for (int i = 0; i < 80; i++) {
      int port = 1 + random.nextInt(24);
      switch (random.nextInt(7)) {
        case 0 -> Connections.bind(domains[0], domains[1], port);
        case 1 -> Connections.close(domains[0], port);
        case 2 -> Bindings.allocateUnbound(domains[1].events, 0);
        case 3 -> Connections.reset(domains[1]);
        case 4 ->
            PortStatus.fill(domains[1].events, port, new ristretto.abi.Evtchnop.Status(status));
        default -> domains[0].events.send(port);
      }
    }
    assertEquals(0, HeldLocks.count(cpu));
  }
}
