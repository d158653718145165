package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import ristretto.abi.ArchConfig;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.mm.Frames;
import ristretto.core.trap.GuestCpu;
import ristretto.sim.FreshImage;
import ristretto.sim.Switching;

/** Domains are built, run and destroyed by hypercalls of Dom0, after a whole boot, on the JVM. */
class DomainLifeTest {
  private static final String OPTIONS =
      "console=dtuart dtuart=serial0 dom0_mem=256M dom0_max_vcpus=1";

  /** The domain's guests loop with interrupts off on CPU 1; {@code seen} gets where each begins. */
  private static BootOnSimulatedVirt boot(
      int gic, Switching switching, long seed, List<Long> seen) {
    var boot = new BootOnSimulatedVirt(2, gic, OPTIONS, switching, seed);
    boot.onSecondaryFrame(first -> GuestCpu.loop(first, frame -> seen.add(frame.elr())));
    return boot;
  }

  @Test
  void createAndDestroyLeaveEveryCounterWhereItWas() {
    FreshImage.run(HundredGicv3.class);
    FreshImage.run(HundredGicv2.class);
  }

  static final class HundredGicv3 implements Runnable {
    @Override
    public void run() {
      hundredTimes(3);
    }
  }

  static final class HundredGicv2 implements Runnable {
    @Override
    public void run() {
      hundredTimes(2);
    }
  }

  private static void hundredTimes(int gic) {
    List<Long> seen = new ArrayList<>();
    BootOnSimulatedVirt boot = boot(gic, Switching.NEVER, 1, seen);
    boot.board
        .machine()
        .stepLimit(200_000_000) // the other CPU scrubs what each leaves
        .run(() -> {
          GuestCpu dom0 = boot.bootHere();
          long free = 0;
          int lastId = 0;
          for (int i = 0; i < 100; i++) {
            DomainBuilder domain = new DomainBuilder(dom0, 1);
            domain.build();
            assertTrue(domain.id > lastId);
            lastId = domain.id;
            long console = domain.connect(domain.consolePort);
            assertEquals(0, domain.unpause());
            while (seen.size() <= i) {
              dom0.spin();
            }
            assertEquals(0, domain.send(console));
            assertEquals(0, domain.destroy());
            domain.close(console);
            assertEquals(-3, domain.destroy(), "ESRCH: it is no more");
            assertNull(Domains.find(domain.id));
            if (i == 0) {
              free = Frames.freeCount(); // Dom0 has its first event channels from now on
            }
            assertEquals(free, Frames.freeCount(), "round " + i);
          }
          for (long entry : seen) {
            assertEquals(DomainBuilder.ENTRY, entry);
          }
        });
  }

  @Test
  void theInterruptControllerIsTheMachines() {
    FreshImage.run(OnGicv3.class);
    FreshImage.run(OnGicv2.class);
  }

  static final class OnGicv3 implements Runnable {
    @Override
    public void run() {
      createEach(3, ArchConfig.GIC_V3, ArchConfig.GIC_V2);
    }
  }

  static final class OnGicv2 implements Runnable {
    @Override
    public void run() {
      createEach(2, ArchConfig.GIC_V2, ArchConfig.GIC_V3);
    }
  }

  /** xl says "No such device" of what this machine cannot be, under Xen as here. */
  private static void createEach(int gic, int right, int wrong) {
    BootOnSimulatedVirt boot = boot(gic, Switching.NEVER, 1, new ArrayList<>());
    boot.board
        .machine()
        .run(() -> {
          DomainBuilder domain = new DomainBuilder(boot.bootHere(), 1);
          assertEquals(Errno.OK, domain.create(ArchConfig.GIC_NATIVE));
          assertEquals(Errno.OK, domain.create(right));
          assertEquals(Errno.ENODEV, domain.create(wrong));
          assertEquals(Errno.EINVAL, domain.create(ArchConfig.GIC_V3 + 1));
        });
  }

  @Test
  void whatDom0MapsKeepsTheDomainUntilItLetsGo() {
    FreshImage.run(Zombie.class);
  }

  static final class Zombie implements Runnable {
    @Override
    public void run() {
      BootOnSimulatedVirt boot = boot(3, Switching.NEVER, 1, new ArrayList<>());
      boot.board
          .machine()
          .run(() -> {
            GuestCpu dom0 = boot.bootHere();
            long free = Frames.freeCount();
            DomainBuilder domain = new DomainBuilder(dom0, 2);
            domain.build();
            domain.write(DomainBuilder.MAGIC_GFN, true);
            assertEquals(0, domain.destroy());
            Domain dying = Domains.find(domain.id);
            assertNotNull(dying);
            assertTrue(dying.isDying());
            assertEquals(1, dying.memory.memory());
            domain.hideWindow();
            assertEquals(free, Frames.freeCount());
            assertEquals(-3, domain.destroy(), "ESRCH: it is no more");
            assertNull(Domains.find(domain.id));
          });
    }
  }

  /** What it has is to become less: a claim would outlive it. */
  @Test
  void nothingIsClaimedForADomainThatDies() {
    FreshImage.run(ClaimOfTheDead.class);
  }

  static final class ClaimOfTheDead implements Runnable {
    @Override
    public void run() {
      BootOnSimulatedVirt boot = boot(3, Switching.NEVER, 1, new ArrayList<>());
      boot.board
          .machine()
          .run(() -> {
            DomainBuilder domain = new DomainBuilder(boot.bootHere(), 1);
            domain.build();
            domain.write(DomainBuilder.MAGIC_GFN, true);
            assertEquals(0, domain.destroy());
            assertEquals(-22, domain.claim(20));
            domain.hideWindow();
            assertEquals(-3, domain.destroy(), "ESRCH: it is no more");
            assertEquals(0, Frames.claimedCount());
          });
    }
  }

  @Test
  void aPauseEndsOnlyWhenNothingRuns() {
    for (long seed = 1; seed <= Long.getLong("ristretto.seeds", 5); seed++) {
      FreshImage.run(Paused.class, seed);
    }
  }

  static final class Paused implements LongConsumer {
    @Override
    public void accept(long seed) {
      List<Long> seen = new ArrayList<>();
      BootOnSimulatedVirt boot = boot(3, Switching.RANDOM, seed, seen);
      boot.board
          .machine()
          .run(() -> {
            GuestCpu dom0 = boot.bootHere();
            DomainBuilder domain = new DomainBuilder(dom0, 2);
            domain.build();
            assertEquals(0, domain.unpause());
            assertEquals(-22, domain.unpause());
            while (seen.isEmpty()) {
              dom0.spin();
            }
            assertEquals(0, domain.pause());
            assertEquals(0, domain.pause());
            Domain paused = Domains.find(domain.id);
            assertNotNull(paused);
            assertNull(paused.vcpus[0].loadedOn);
            assertEquals(0, domain.unpause());
            assertNull(paused.vcpus[0].loadedOn);
            assertEquals(0, domain.unpause());
            while (paused.vcpus[0].loadedOn == null) {
              dom0.spin();
            }
            assertEquals(0, domain.destroy());
            assertNull(Domains.find(domain.id));
          });
    }
  }

  /** Destruction meets a domain that sends events, polls with a time limit, yields and sleeps. */
  @Test
  void aBusyDomainIsDestroyedAtAnyMoment() {
    for (long seed = 1; seed <= Long.getLong("ristretto.seeds", 5); seed++) {
      FreshImage.run(Busy.class, seed);
    }
  }

  static final class Busy implements LongConsumer {
    private static final int ROUNDS = 4;

    /** Where Dom0 writes before the domain runs: a port, and a poll without ports. */
    private static final long PORT = DomainBuilder.ENTRY;

    private final AtomicInteger actions = new AtomicInteger();

    @Override
    public void accept(long seed) {
      Random random = new Random(seed);
      var boot = new BootOnSimulatedVirt(3, 3, OPTIONS, Switching.RANDOM, seed);
      boot.onSecondaryFrame(first -> {
        TrapFrame frame = first;
        while (true) {
          frame = act(frame);
          actions.incrementAndGet();
        }
      });
      boot.board
          .machine()
          .run(() -> {
            GuestCpu dom0 = boot.bootHere();
            long free = 0;
            for (int round = 0; round < ROUNDS; round++) {
              DomainBuilder domain = new DomainBuilder(dom0, 2);
              domain.build();
              long port = domain.connect(domain.storePort);
              assertEquals(0, domain.unpause());
              int until = actions.get() + random.nextInt(12);
              for (int i = 0; i < 50 && actions.get() < until; i++) { // it may sleep for ever
                domain.send(port);
                dom0.spin();
              }
              assertEquals(0, domain.destroy());
              domain.send(port);
              domain.close(port);
              assertNull(Domains.find(domain.id));
              free = round == 0 ? Frames.freeCount() : free;
              assertEquals(free, Frames.freeCount(), "seed " + seed + ", round " + round);
            }
          });
    }

    private TrapFrame act(TrapFrame frame) {
      return switch (actions.get() % 4) {
        case 0 -> GuestCpu.call(frame, HypercallNumber.EVENT_CHANNEL_OP, 4, PORT);
        case 1 -> GuestCpu.call(frame, HypercallNumber.SCHED_OP, 3, PORT + 8); // poll
        case 2 -> GuestCpu.call(frame, HypercallNumber.SCHED_OP, 0); // yield
        default -> GuestCpu.sleep(frame);
      };
    }
  }
}
