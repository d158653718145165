package ristretto.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.abi.Errno;
import ristretto.abi.Evtchnop.ControlBlock;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.core.domain.Domain;
import ristretto.machine.Memory;
import ristretto.sim.Switching;

class FifoTest {
  private final EventMachine machine = new EventMachine(3);

  @Test
  void queuesKeepTheOrderOfRaisingAndPrioritiesGoFirst() {
    machine.run(m -> {
      FifoGuest guest = new FifoGuest(m.domain(1, false, 1));
      guest.expand();
      EventChannels events = guest.domain.events;
      int[] ports = unmaskedIpis(guest, 5, 0);
      assertEquals(Errno.OK, FifoSetup.setPriority(events, ports[4], 0));
      m.interrupted.clear();
      guest.upcall(0);
      for (int port : new int[] {ports[2], ports[0], ports[3], ports[2], ports[4]}) {
        events.send(port);
      }
      assertEquals(1, m.interrupted.size());
      assertEquals(List.of(ports[4], ports[2], ports[0], ports[3]), guest.upcall(0));
      assertEquals(List.of(), guest.upcall(0));
    });
  }

  private static int[] unmaskedIpis(FifoGuest guest, int count, int vcpu) {
    int[] ports = new int[count];
    for (int i = 0; i < count; i++) {
      ports[i] = (int) Bindings.bindIpi(guest.domain.events, vcpu);
      guest.unmask(ports[i]);
    }
    return ports;
  }

  @Test
  void whatIsRaisedBeforeItsWordExistsComesWithThePage() {
    machine.run(m -> {
      FifoGuest guest = new FifoGuest(m.domain(1, false, 1));
      int port = (int) Bindings.bindIpi(guest.domain.events, 0);
      guest.domain.events.send(port);
      guest.domain.events.send(port);
      guest.expand();
      assertTrue(guest.read(port).pending());
      guest.unmask(port);
      assertEquals(List.of(port), guest.upcall(0));
      guest.expand();
      assertEquals(List.of(), guest.upcall(0));
    });
  }

  /** XSA-107: queues of a vCPU that never set them up. */
  @Test
  void aVcpuWithoutControlBlockGetsNothing() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 2);
      assertEquals(Errno.OK, FifoSetup.initControl(domain.events, 1, EventMachine.gfn(0), 0));
      assertEquals(Errno.OK, FifoSetup.expandArray(domain.events, EventMachine.gfn(1)));
      int port = (int) Bindings.bindIpi(domain.events, 0);
      assertEquals(Errno.OK, domain.events.send(port));
      EventWord word = new EventWord(Memory.load32(EventMachine.page(domain, 1) + 4L * port));
      assertTrue(word.pending());
      assertFalse(word.linked());
      assertTrue(m.interrupted.isEmpty());
    });
  }

  /** XSA-188, XSA-505 and argument checks. */
  @Test
  void refusesBadPagesAndLeavesTheOldAbi() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 2);
      EventChannels events = domain.events;
      assertEquals(Errno.EOPNOTSUPP, FifoSetup.expandArray(events, EventMachine.gfn(1)));
      assertEquals(
          Errno.ENOSYS, FifoSetup.setPriority(events, (int) Bindings.bindIpi(events, 0), 3));
      assertEquals(Errno.EINVAL, FifoSetup.initControl(events, 0, 0, 0));
      assertEquals(Errno.EINVAL, FifoSetup.initControl(events, 0, -1, 0));
      assertEquals(Errno.EINVAL, FifoSetup.initControl(events, 0, EventMachine.gfn(0), 4));
      assertEquals(Errno.EINVAL, FifoSetup.initControl(events, 0, EventMachine.gfn(0), 4096 - 64));
      assertEquals(Errno.EINVAL, FifoSetup.initControl(events, 0, EventMachine.gfn(0), -8));
      assertEquals(Errno.ENOENT, FifoSetup.initControl(events, 2, EventMachine.gfn(0), 0));
      assertEquals(
          Errno.EOPNOTSUPP, FifoSetup.expandArray(events, EventMachine.gfn(1)), "still 2-level");
      int last = 4096 - ControlBlock.SIZEOF;
      assertEquals(Errno.OK, FifoSetup.initControl(events, 0, EventMachine.gfn(0), last));
      assertEquals(Errno.EINVAL, FifoSetup.initControl(events, 0, EventMachine.gfn(0), 0), "once");
      assertEquals(Errno.EINVAL, FifoSetup.expandArray(events, 0x1234));
      assertEquals(Errno.EINVAL, FifoSetup.setPriority(events, 1, EventWord.QUEUES));
      assertEquals(Errno.EINVAL, FifoSetup.setPriority(events, 77, 1));
      for (int i = 0; i < Fifo.PAGES; i++) {
        assertEquals(Errno.OK, FifoSetup.expandArray(events, EventMachine.gfn(1 + i)));
      }
      assertEquals(Errno.ENOSPC, FifoSetup.expandArray(events, EventMachine.gfn(200)));
    });
  }

  @Test
  void resetLetsGoOfEveryPage() {
    machine.run(m -> {
      Domain domain = m.domain(1, false, 2);
      FifoGuest guest = new FifoGuest(domain);
      guest.expand();
      guest.expand();
      unmaskedIpis(guest, 300, 1);
      long page = EventMachine.page(domain, 1) >>> 12;
      assertEquals(1, ristretto.core.mm.Frames.references(page));
      while (!Connections.reset(domain)) {}
      assertEquals(0, ristretto.core.mm.Frames.references(page));
      assertEquals(Errno.EOPNOTSUPP, FifoSetup.expandArray(domain.events, EventMachine.gfn(1)));
      int port = (int) Bindings.bindIpi(domain.events, 0);
      domain.events.send(port);
      assertTrue(EventMachine.pendingBit(domain, port), "the 2-level ABI again");
    });
  }

  @Test
  void aClosedPortThatIsStillQueuedIsNotGivenOut() {
    machine.run(m -> {
      FifoGuest guest = new FifoGuest(m.domain(1, false, 1));
      guest.expand();
      int[] ports = unmaskedIpis(guest, 2, 0);
      guest.domain.events.send(ports[0]);
      assertEquals(Errno.OK, Connections.close(guest.domain, ports[0]));
      assertEquals(3, Bindings.bindIpi(guest.domain.events, 0));
      assertEquals(List.of(), guest.upcall(0), "closed: not pending");
      assertEquals(ports[0], Bindings.bindIpi(guest.domain.events, 0));
    });
  }

  /**
   * Random use of a channel's whole life; what was raised is handled once, nothing else ever is.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everythingRaisedIsHandledOnce(long seed) {
    machine.run(m -> {
      Random random = new Random(seed);
      FifoGuest guest = new FifoGuest(m.domain(1, false, 3));
      EventChannels events = guest.domain.events;
      guest.expand();
      List<Integer> open = new ArrayList<>();
      Set<Integer> raised = new TreeSet<>();
      for (int step = 0; step < 4000; step++) {
        int port = open.isEmpty() ? 0 : open.get(random.nextInt(open.size()));
        switch (random.nextInt(10)) {
          case 0 -> {
            if (open.size() < 40) {
              int fresh = loopback(guest, open);
              guest.unmask(fresh);
              EventMachine.consume(guest.domain);
              raised.add(fresh); // a new channel starts pending
            }
          }
          case 1 -> {
            if (port != 0 && random.nextInt(8) == 0) {
              Connections.close(guest.domain, port);
              open.remove(Integer.valueOf(port));
              raised.remove(port);
              guest.mask(port);
            }
          }
          case 2 -> Bindings.bindVcpu(events, port, random.nextInt(3));
          case 3 -> FifoSetup.setPriority(events, port, random.nextInt(16));
          case 4 -> {
            if (port != 0) {
              guest.mask(port);
            }
          }
          case 5 -> {
            if (port != 0) {
              guest.unmask(port);
            }
          }
          case 6 -> {
            int vcpu = random.nextInt(3);
            if (guest.upcallPending(vcpu)) {
              take(guest, vcpu, raised, seed);
            }
          }
          default -> {
            if (port != 0 && events.send(peerOf(guest, port)) == Errno.OK) {
              raised.add(port);
            }
          }
        }
      }
      open.forEach(guest::unmask);
      for (int vcpu = 0; vcpu < 3; vcpu++) {
        if (guest.upcallPending(vcpu)) {
          take(guest, vcpu, raised, seed);
        }
      }
      assertEquals(Set.of(), raised, "never handled; seed " + seed);
    });
  }

  private static void take(FifoGuest guest, int vcpu, Set<Integer> raised, long seed) {
    for (int port : guest.upcall(vcpu)) {
      assertTrue(raised.remove(port), "handled but not raised: " + port + ", seed " + seed);
    }
  }

  /** A port whose other end is a second port of the same domain, which the test keeps masked. */
  private int loopback(FifoGuest guest, List<Integer> open) {
    int peer = (int) Bindings.allocateUnbound(guest.domain.events, 1);
    int port = (int) Connections.bind(guest.domain, guest.domain, peer);
    open.add(port);
    guest.mask(peer);
    return port;
  }

  private static int peerOf(FifoGuest guest, int port) {
    Link link = guest.domain.events.ports.at(port).link();
    return link.state() == Link.INTERDOMAIN ? link.remotePort() : 0;
  }

  /** Two CPUs send, one takes: at every interleaving all that was sent last is seen in the end. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void nothingIsLostBetweenSendersAndTheGuest(long seed) {
    EventMachine m = new EventMachine(3);
    m.machine.schedule(Switching.RANDOM, seed).stepLimit(3_000_000);
    FifoGuest[] guests = new FifoGuest[1];
    int[][] ports = new int[1][];
    m.machine.run(() -> {
      m.start();
      guests[0] = new FifoGuest(m.domain(1, false, 1));
      guests[0].expand();
      ports[0] = unmaskedIpis(guests[0], 4, 0);
      guests[0].upcall(0);
    });
    FifoGuest guest = guests[0];
    int[] running = {2};
    Set<Integer> handled = new TreeSet<>();
    Runnable sender =
        () -> {
          EventMachine.enterCpu(running[0]);
          for (int i = 0; i < 200; i++) {
            guest.domain.events.send(ports[0][i % 4]);
          }
          running[0]--;
        };
    m.machine.runAll(
        () -> {
          EventMachine.enterCpu(0);
          while (running[0] > 0 || guest.upcallPending(0)) {
            if (guest.upcallPending(0)) {
              handled.addAll(guest.upcall(0));
            }
          }
        },
        sender,
        sender);
    assertEquals(4, handled.size());
    m.machine.run(() -> {
      for (int port : ports[0]) {
        EventWord word = guest.read(port);
        assertFalse(word.pending() || word.linked() || word.busy(), "seed " + seed);
      }
    });
  }

  /** XSA-295: a guest that hammers its words makes nobody wait. */
  @Test
  void aGuestThatHammersItsWordsStopsNobody() {
    EventMachine m = new EventMachine(2);
    m.machine.schedule(Switching.ALWAYS, 1).stepLimit(400_000);
    FifoGuest[] guests = new FifoGuest[1];
    int[][] ports = new int[1][];
    m.machine.run(() -> {
      m.start();
      guests[0] = new FifoGuest(m.domain(1, false, 1));
      guests[0].expand();
      ports[0] = unmaskedIpis(guests[0], 2, 0);
      guests[0].domain.events.send(ports[0][0]); // the tail of a queue
    });
    boolean[] done = {false};
    long tail = guests[0].word(ports[0][0]);
    m.machine.runAll(
        () -> {
          EventMachine.enterCpu(0);
          for (int i = 0; i < 100; i++) {
            guests[0].domain.events.send(ports[0][1]);
          }
          done[0] = true;
        },
        () -> {
          for (int i = 0; !done[0]; i++) {
            Memory.store32(tail, 1 << EventWord.LINKED | 1 << EventWord.PENDING | (i & 0xff00));
          }
        });
    assertTrue(done[0]);
  }
}
