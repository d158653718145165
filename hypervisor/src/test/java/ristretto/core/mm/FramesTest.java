package ristretto.core.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.machine.Memory;
import ristretto.sim.SimulatedMachine;

class FramesTest {
  private static final long MIB = 1 << 20;
  private static final long RAM = 0x4000_0000L;

  private static SimulatedMachine machine() {
    return new SimulatedMachine().ram(RAM, 64 * MIB).ram(RAM + 128 * MIB, 16 * MIB);
  }

  /** Two banks with a hole; the image and a module are reserved. */
  private static FrameSetup setUp() {
    FrameSetup setup = new FrameSetup();
    setup.addBank(RAM, 64 * MIB);
    setup.addBank(RAM + 128 * MIB, 16 * MIB);
    setup.reserve(RAM + 2 * MIB, MIB);
    setup.reserve(RAM + 0x10_0123, 0x1000);
    assertTrue(setup.start());
    return setup;
  }

  @Test
  void countsEverythingThatIsNotReserved() {
    machine()
        .run(() -> {
          setUp();
          long table = 17 + 5; // 80 MiB have 20480 frames of 4 bytes and a bit
          assertEquals(80 * MIB / Frames.SIZE - 256 - 2 - table, Frames.totalCount());
          assertEquals(Frames.totalCount(), Frames.freeCount());
        });
  }

  @Test
  void neverGivesReservedFramesAway() {
    machine()
        .run(() -> {
          setUp();
          MemoryAccount account = Frames.newAccount();
          long count = 0;
          for (long f = allocateOne(account); f >= 0; f = allocateOne(account)) {
            long address = f << Frames.SHIFT;
            assertFalse(address >= RAM + 2 * MIB && address < RAM + 3 * MIB);
            assertFalse(address >= RAM + 0x10_0000 && address < RAM + 0x10_2000);
            count++;
          }
          assertEquals(Frames.totalCount(), count);
        });
  }

  private static long allocateOne(MemoryAccount account) {
    return Frames.allocateUncleared(0, account, FrameType.RAM);
  }

  @Test
  void guestMemoryIsZeroAndCleaned() {
    SimulatedMachine machine = machine();
    machine.run(() -> {
      setUp();
      MemoryAccount account = Frames.newAccount();
      long frame = Frames.allocateUncleared(3, account, FrameType.RAM);
      Memory.store64((frame << Frames.SHIFT) + 0x5ff8, 0x5ec7e7);
      Frames.free(frame, 3);
      machine.forgetMaintenance();
      assertEquals(frame, Frames.allocate(3, account, FrameType.RAM));
      assertEquals(0, Memory.load64((frame << Frames.SHIFT) + 0x5ff8));
    });
    long cleaned =
        machine.maintenance().stream()
            .filter(m -> m.operation() == ristretto.machine.Machine.Maintenance.DC_CVAC)
            .distinct() // the links of free blocks went first
            .count();
    assertEquals(8 * Frames.SIZE / 64, cleaned);
  }

  @Test
  void aBigBlockTouchesFewEntries() {
    SimulatedMachine machine = machine().stepLimit(20_000);
    machine.run(() -> {
      setUp();
      MemoryAccount account = Frames.newAccount();
      long frame = Frames.allocateUncleared(13, account, FrameType.RAM);
      assertTrue(frame >= 0);
      Frames.free(frame, 13);
    });
  }

  @Test
  void keepsAFrameWhileOthersReferToIt() {
    machine()
        .run(() -> {
          setUp();
          MemoryAccount account = Frames.newAccount();
          long free = Frames.freeCount();
          long block = Frames.allocateUncleared(9, account, FrameType.RAM);
          assertTrue(Frames.reference(block + 5, account));
          assertFalse(Frames.reference(block + 6, Frames.newAccount()));
          Frames.free(block, 9);
          assertEquals(free - 1, Frames.freeCount());
          assertEquals(1, account.memory());
          assertFalse(Frames.reference(block + 5, account), "its owner gave it back");
          Frames.dereference(block + 5);
          assertEquals(free, Frames.freeCount());
          assertTrue(account.isEmpty());
        });
  }

  @Test
  void keepsAccountsWithinTheirLimit() {
    machine()
        .run(() -> {
          setUp();
          MemoryAccount account = Frames.newAccount();
          account.setMemoryLimit(10);
          assertTrue(Frames.allocateUncleared(3, account, FrameType.RAM) >= 0);
          assertEquals(-1, Frames.allocateUncleared(2, account, FrameType.RAM));
          assertTrue(Frames.allocateUncleared(1, account, FrameType.RAM) >= 0);
          assertEquals(10, account.memory());
        });
  }

  @Test
  void refusesToFreeTwice() {
    machine()
        .run(() -> {
          setUp();
          long frame = allocateOne(Frames.newAccount());
          Frames.free(frame, 0);
          assertThrows(AssertionError.class, () -> Frames.free(frame, 0));
          Frames.LOCK.unlock(); // which containment of the fault does in the image
        });
  }

  @Test
  void adoptsAndReleasesReservedRanges() {
    machine()
        .run(() -> {
          setUp();
          MemoryAccount account = Frames.newAccount();
          long total = Frames.totalCount();
          FrameSetup.adopt(RAM + 2 * MIB, MIB, account);
          assertEquals(256, account.memory());
          assertTrue(Frames.isOwnedBy(((RAM + 2 * MIB) >>> Frames.SHIFT) + 77, account));
          Frames.free((RAM + 2 * MIB) >>> Frames.SHIFT, 8);
          FrameSetup.release(RAM + 0x10_0000, 0x2000);
          assertEquals(total + 258, Frames.totalCount());
          assertEquals(Frames.totalCount(), Frames.freeCount());
        });
  }

  @Test
  void splitsBanksAtFourGigabytesAndPrefersHighMemory() {
    long edge = 1L << 32;
    new SimulatedMachine()
        .ram(edge - 4 * MIB, 8 * MIB)
        .run(() -> {
          FrameSetup setup = new FrameSetup();
          setup.addBank(edge - 4 * MIB, 8 * MIB);
          assertTrue(setup.start());
          MemoryAccount account = Frames.newAccount();
          long high = Frames.allocateUncleared(9, account, FrameType.RAM);
          assertTrue(high >= edge >>> Frames.SHIFT);
          long low = FrameSetup.allocateForDom0(9, account);
          assertTrue(low < edge >>> Frames.SHIFT);
        });
  }

  /** Random operations against a map of frames: nothing is owned twice, counters balance. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithAPlainModel(long seed) {
    machine().run(() -> new Model(seed).run(600));
  }

  private static final class Model {
    private final Random random;
    private final MemoryAccount[] accounts;
    private final Map<Long, Integer> owner = new HashMap<>();
    private final Map<Long, Integer> references = new HashMap<>();
    private final Map<Long, Integer> dying = new HashMap<>();

    Model(long seed) {
      random = new Random(seed);
      setUp();
      accounts =
          new MemoryAccount[] {Frames.newAccount(), Frames.newAccount(), Frames.newAccount()};
      for (MemoryAccount account : accounts) {
        account.setMemoryLimit(7000);
      }
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        step();
        if (i % 50 == 0) {
          check();
        }
      }
      List<Long> referenced = new ArrayList<>(references.keySet());
      referenced.forEach(this::dropAll);
      new ArrayList<>(owner.keySet()).forEach(f -> free(f, 0));
      check();
      assertEquals(Frames.totalCount(), Frames.freeCount());
    }

    private void step() {
      switch (random.nextInt(4)) {
        case 0 -> allocate(random.nextInt(random.nextBoolean() ? 4 : 12));
        case 1 -> {
          any(owner).ifPresent(frame -> freePart(frame, random.nextInt(6)));
        }
        case 2 -> {
          any(owner).ifPresent(this::refer);
        }
        default -> {
          any(references).ifPresent(this::drop);
        }
      }
    }

    private Optional<Long> any(Map<Long, Integer> map) {
      int skip = map.isEmpty() ? 0 : random.nextInt(Math.min(map.size(), 64));
      return map.keySet().stream().skip(skip).findFirst();
    }

    private int ownerOf(long frame) {
      return Objects.requireNonNull(owner.get(frame));
    }

    private void refer(long frame) {
      assertTrue(Frames.reference(frame, accounts[ownerOf(frame)]));
      references.merge(frame, 1, Integer::sum);
    }

    private void allocate(int order) {
      int who = random.nextInt(accounts.length);
      long frame = Frames.allocateUncleared(order, accounts[who], FrameType.RAM);
      if (frame < 0) {
        return;
      }
      assertEquals(0, frame & (1L << order) - 1, "aligned");
      for (long f = frame; f < frame + (1L << order); f++) {
        assertEquals(null, owner.put(f, who), "owned twice");
        assertFalse(dying.containsKey(f), "given away while in use");
      }
    }

    /** The largest aligned block around the frame that one account owns. */
    private void freePart(long frame, int order) {
      int who = ownerOf(frame);
      long first = frame & -(1L << order);
      for (long f = first; f < first + (1L << order); f++) {
        if (!Integer.valueOf(who).equals(owner.get(f))) {
          free(frame, 0);
          return;
        }
      }
      free(first, order);
    }

    private void free(long first, int order) {
      Frames.free(first, order);
      for (long f = first; f < first + (1L << order); f++) {
        int who = ownerOf(f);
        owner.remove(f);
        if (references.containsKey(f)) {
          dying.put(f, who);
        }
      }
    }

    private void drop(long frame) {
      Frames.dereference(frame);
      if (references.merge(frame, -1, Integer::sum) == 0) {
        references.remove(frame);
        dying.remove(frame);
      }
    }

    private void dropAll(long frame) {
      while (references.containsKey(frame)) {
        drop(frame);
      }
    }

    private void check() {
      long charged = 0;
      for (int i = 0; i < accounts.length; i++) {
        int who = i;
        long expected =
            owner.values().stream().filter(o -> o == who).count()
                + dying.values().stream().filter(o -> o == who).count();
        assertEquals(expected, accounts[i].memory());
        charged += expected;
      }
      assertEquals(Frames.totalCount(), Frames.freeCount() + charged);
      references.forEach((f, count) -> assertEquals((long) count, Frames.references(f)));
      owner.forEach((f, who) -> assertTrue(Frames.isOwnedBy(f, accounts[who])));
    }
  }
}
