package ristretto.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.domain.Domain;
import ristretto.core.domain.PauseReason;
import ristretto.core.mm.Frames;
import ristretto.core.sched.Residence;
import ristretto.machine.Memory;
import ristretto.sim.Switching;

/**
 * Several CPUs at the event channels of the same domains, switched at every few intrinsics by a
 * seed: no fault, no lock left, and the two ends of every channel name each other.
 */
class EventInterleavingTest {
  private final Domain[] domains = new Domain[3];

  private EventMachine start(long seed, long steps) {
    EventMachine m = new EventMachine(3);
    m.machine.schedule(Switching.RANDOM, seed).stepLimit(steps);
    m.machine.run(() -> {
      m.start();
      for (int i = 0; i < domains.length; i++) {
        domains[i] = m.domain(i, i == 0, 2);
      }
    });
    return m;
  }

  /** XSA-338, XSA-340, XSA-343: bind, close and send over the same ports. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void endsOfChannelsAlwaysNameEachOther(long seed) {
    EventMachine m = start(seed, 3_000_000);
    Runnable[] bodies = new Runnable[3];
    for (int i = 0; i < bodies.length; i++) {
      int index = i;
      bodies[i] = () -> changeConnections(index, new Random(seed * 10 + index));
    }
    m.machine.runAll(bodies);
    m.machine.run(() -> {
      EventMachine.enterCpu(0);
      for (Domain domain : domains) {
        for (int port = 1; port < 200; port++) {
          assertMutual(domain, port);
        }
      }
    });
  }

  private void changeConnections(int index, Random random) {
    Cpu cpu = EventMachine.enterCpu(index);
    for (int i = 0; i < 120; i++) {
      Domain local = domains[random.nextInt(3)];
      Domain remote = domains[random.nextInt(3)];
      int port = 1 + random.nextInt(8);
      switch (random.nextInt(6)) {
        case 0 -> Bindings.allocateUnbound(local.events, remote.id);
        case 1, 2 -> Connections.bind(local, remote, port);
        case 3 -> Connections.close(local, port);
        case 4 -> Bindings.bindVcpu(local.events, port, random.nextInt(2));
        default -> local.events.send(port);
      }
    }
    assertEquals(0, HeldLocks.count(cpu));
  }

  private void assertMutual(Domain domain, int port) {
    Port entry = domain.events.ports.at(port);
    if (!entry.exists()) {
      return;
    }
    Link link = entry.link();
    assertTrue(link.state() != Link.RESERVED, "a binding was left half made");
    if (link.state() == Link.INTERDOMAIN) {
      Link peer = domains[link.remoteDomain()].events.ports.at(link.remotePort()).link();
      assertTrue(peer.equalTo(Link.interdomain(domain.id, port)), domain.id + ":" + port);
    }
  }

  /** XSA-344, XSA-358, XSA-359, XSA-505: the FIFO ABI comes and goes while others send. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
  void theFifoAbiComesAndGoesUnderFire(long seed) {
    EventMachine m = start(seed, 6_000_000);
    Domain target = domains[1];
    m.machine.runAll(
        () -> {
          Cpu cpu = EventMachine.enterCpu(0);
          for (int round = 0; round < 12; round++) {
            FifoSetup.initControl(target.events, round % 2, EventMachine.gfn(0), 128 * (round % 2));
            FifoSetup.expandArray(target.events, EventMachine.gfn(1));
            Bindings.bindIpi(target.events, round % 2);
            while (!Connections.reset(target)) {}
          }
          assertEquals(0, HeldLocks.count(cpu));
        },
        () -> fire(1, target, new Random(seed)),
        () -> fire(2, target, new Random(seed + 1)));
    m.machine.run(() -> {
      EventMachine.enterCpu(0);
      while (!Connections.reset(target)) {}
      for (int page = 0; page < 3; page++) {
        assertEquals(0, Frames.references(EventMachine.page(target, page) >>> 12));
      }
    });
  }

  private void fire(int index, Domain target, Random random) {
    Cpu cpu = EventMachine.enterCpu(index);
    for (int i = 0; i < 150; i++) {
      int port = 1 + random.nextInt(4);
      switch (random.nextInt(7)) {
        case 0 -> Bindings.allocateUnbound(target.events, 2);
        case 1 -> Connections.bind(domains[2], target, port);
        case 2 -> FifoSetup.expandArray(target.events, EventMachine.gfn(2));
        case 3 -> target.events.unmask(port);
        case 4 -> FifoSetup.setPriority(target.events, port, random.nextInt(16));
        default -> (random.nextBoolean() ? domains[2] : target).events.send(port);
      }
    }
    assertEquals(0, HeldLocks.count(cpu));
  }

  /** A vCPU that polls is woken by the event, whenever that comes. */
  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38, 39, 40})
  void aPollIsNeverMissed(long seed) {
    EventMachine m = start(seed, 200_000);
    Domain domain = domains[1];
    int[] port = new int[1];
    long list = EventMachine.RAM + (1L << 20);
    m.machine.run(() -> {
      port[0] = (int) Bindings.bindIpi(domain.events, 1);
      EventMachine.setMask(domain, port[0], true);
      domain.vcpus[0].pauses.set(0);
      domain.vcpus[0].residence = Residence.RUNNING;
    });
    m.machine.runAll(
        () -> {
          EventMachine.enterCpu(0);
          Memory.store32(list, port[0]);
          Polling.poll(domain.vcpus[0], list, 1, 0);
        },
        () -> {
          EventMachine.enterCpu(1);
          domain.events.send(port[0]);
        });
    assertFalse((domain.vcpus[0].pauses.get() & PauseReason.BLOCKED) != 0, "seed " + seed);
  }
}
