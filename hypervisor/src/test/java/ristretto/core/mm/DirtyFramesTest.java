package ristretto.core.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.machine.CpuLocal;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Machine.Maintenance;
import ristretto.machine.Memory;
import ristretto.sim.FreshImage;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.Switching;

/** What is left in free frames, who scrubs it, and that it is done before anybody looks. */
class DirtyFramesTest {
  private static final long MIB = 1 << 20;
  private static final long RAM = 0x4000_0000L;

  /** Of what is left in a frame: its last word. */
  private static final long LAST = Frames.SIZE - Long.BYTES;

  /** A gap between the banks, and a first frame that no word of the bits begins at. */
  private static SimulatedMachine machine(int cpus) {
    return new SimulatedMachine(cpus)
        .ram(RAM, 2 * MIB)
        .ram(RAM + 4 * MIB, MIB)
        .symbol(ImageSymbol.CPU_STACKS, ImageSymbol.LINK_BASE);
  }

  private static MemoryAccount setUp() {
    FrameSetup setup = new FrameSetup();
    setup.addBank(RAM + 3 * Frames.SIZE, 2 * MIB - 3 * Frames.SIZE);
    setup.addBank(RAM + 4 * MIB, MIB);
    assertTrue(setup.start());
    Frames.openToIdleCpus();
    return Frames.newAccount();
  }

  private static void scrubAll() {
    for (int left = 10_000; Frames.hasDirty(); left--) {
      assertTrue(left > 0, "there is no end");
      boolean unused = Frames.scrubWhileIdle();
    }
  }

  private static long address(long frame, long offset) {
    return (frame << Frames.SHIFT) + offset;
  }

  private static void fill(long frame, int order) {
    for (long f = frame; f < frame + (1L << order); f++) {
      for (long offset : new long[] {0, 8, 1024, LAST}) {
        Memory.store64(address(f, offset), 0x5ec7e7_0000L + offset);
      }
    }
  }

  private static void assertZero(long frame, int order) {
    for (long f = frame; f < frame + (1L << order); f++) {
      for (long offset : new long[] {0, 8, 1024, LAST}) {
        assertEquals(0, Memory.load64(address(f, offset)), "frame %x + %x".formatted(f, offset));
      }
    }
  }

  @Test
  void whatWasScrubbedWhileIdleIsNotScrubbedAgain() {
    SimulatedMachine machine = machine(1);
    machine.run(() -> {
      MemoryAccount account = setUp();
      long frame = Frames.allocate(8, account, FrameType.RAM);
      fill(frame, 8);
      Frames.free(frame, 8);
      scrubAll();
      machine.forgetMaintenance();
      assertEquals(frame, Frames.allocate(8, account, FrameType.RAM));
      assertZero(frame, 8);
    });
    assertTrue(
        machine.maintenance().stream().filter(m -> m.operation() == Maintenance.DC_CVAC).count()
            < 12,
        "the links of what was split, nothing else");
  }

  @Test
  void whatHasBecomeFreeIsScrubbedInTheEnd() {
    machine(1)
        .run(() -> {
          MemoryAccount account = setUp();
          assertFalse(Frames.hasDirty(), "what was free at boot waits");
          long all = Frames.freeCount();
          for (long left = all; left > 0; left--) {
            fill(Frames.allocateUncleared(0, account, FrameType.RAM), 0);
          }
          freeAll();
          assertEquals(all, Frames.freeCount());
          scrubAll();
          assertFalse(Frames.scrubWhileIdle());
          assertEquals(all, Frames.freeCount());
          for (long left = all; left > 0; left--) {
            long frame = Frames.allocateUnscrubbed(0, account, FrameType.RAM);
            assertEquals(0, Frames.FREE.dirty.claim(frame, 0));
            assertZero(frame, 0);
          }
        });
  }

  private static void freeAll() {
    for (long bank : new long[] {RAM, RAM + 4 * MIB}) {
      for (long frame = bank >>> Frames.SHIFT; frame < bank + 2 * MIB >>> Frames.SHIFT; frame++) {
        if (Frames.ownerOf(frame) != Frames.hypervisor()) {
          Frames.free(frame, 0);
        }
      }
    }
  }

  @Test
  void nobodyScrubsBeforeTheBootIsOver() {
    machine(1)
        .run(() -> {
          FrameSetup setup = new FrameSetup();
          setup.addBank(RAM, MIB);
          assertTrue(setup.start());
          assertFalse(Frames.hasDirty());
        });
  }

  /** What is free but for its owner's unfinished work is left alone. */
  @Test
  void aBlockThatIsClearedInStepsIsItsOwners() {
    machine(1)
        .run(() -> {
          MemoryAccount account = setUp();
          long frame = Frames.allocateUnscrubbed(7, account, FrameType.RAM);
          fill(frame, 7);
          scrubAll();
          assertEquals(0x5ec7e7_0000L + LAST, Memory.load64(address(frame + 5, LAST)));
          Frames.scrub(frame, 7, true);
          assertZero(frame, 7);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void memoryIsZeroWhenItIsAllocated(long seed) {
    machine(1)
        .run(() -> {
          Random random = new Random(seed);
          Owner owner = new Owner(setUp(), random);
          for (int i = 0; i < 300; i++) {
            owner.step();
            for (int j = random.nextInt(40); j > 0; j--) {
              boolean unused = Frames.scrubWhileIdle();
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void idleCpusDisturbNobody(long seed) {
    FreshImage.run(Beside.class, seed);
  }

  /** Two CPUs allocate and free, a third scrubs. */
  static final class Beside implements LongConsumer {
    @Override
    public void accept(long seed) {
      SimulatedMachine machine = machine(3).schedule(Switching.RANDOM, seed);
      MemoryAccount[] accounts = new MemoryAccount[2];
      boolean[] done = new boolean[2];
      machine.run(() -> {
        accounts[0] = setUp();
        accounts[1] = Frames.newAccount();
        for (int i = 0; i < 3; i++) {
          Cpus.add(new Cpu(i, i, 0, 0));
        }
      });
      machine.runAll(
          () -> work(0, accounts, seed, done),
          () -> work(1, accounts, seed, done),
          () -> {
            CpuLocal.set(Cpus.get(2));
            while (!done[0] || !done[1]) {
              boolean unused = Frames.scrubWhileIdle();
            }
          });
    }

    private static void work(int cpu, MemoryAccount[] accounts, long seed, boolean[] done) {
      CpuLocal.set(Cpus.get(cpu));
      Owner owner = new Owner(accounts[cpu], new Random(seed * 2 + cpu));
      for (int i = 0; i < 40; i++) {
        owner.step();
      }
      done[cpu] = true;
    }
  }

  /** Has some blocks, and looks whether they stay as they are. */
  private static final class Owner {
    private final MemoryAccount account;
    private final Random random;
    private final Map<Long, Integer> blocks = new HashMap<>();

    Owner(MemoryAccount account, Random random) {
      this.account = account;
      this.random = random;
    }

    void step() {
      if (random.nextInt(5) < 3) {
        int order = random.nextInt(random.nextInt(8) == 0 ? 8 : 3);
        int type = random.nextBoolean() ? FrameType.RAM : FrameType.PRIVATE;
        long frame = Frames.allocate(order, account, type);
        if (frame >= 0) {
          assertZero(frame, order);
          fill(frame, order);
          blocks.put(frame, order);
        }
      } else if (!blocks.isEmpty()) {
        long frame = blocks.keySet().stream().skip(random.nextInt(blocks.size())).findFirst().get();
        int order = Objects.requireNonNull(blocks.remove(frame));
        for (long f = frame; f < frame + (1L << order); f++) {
          assertEquals(0x5ec7e7_0000L, Memory.load64(address(f, 0)), "somebody cleared it");
          assertEquals(0x5ec7e7_0000L + LAST, Memory.load64(address(f, LAST)));
        }
        Frames.free(frame, order);
      }
    }
  }
}
