package ristretto.core.interrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ristretto.arch.gic.Gicd;
import ristretto.arch.gic.IccSgi1r;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.vdev.MmioDevice;
import ristretto.vdev.gic.DistributorRegisters;
import ristretto.vdev.gic.PhysicalGic;
import ristretto.vdev.gic.RedistributorRegisters;

/**
 * A guest behind the virtual controller must see what it would see at a real one: random operations
 * on both, and after each the same interrupt is signalled. Priorities differ, so that there is no
 * tie to break.
 */
class VgicPropertyTest {
  private static final int STEPS = 3000;

  /** SGIs; PPIs by level; an SPI by software, one by level, two edges of a physical device. */
  private static final int[] INTERRUPTS = {0, 1, 5, 15, 16, 20, 30, 31, 33, 35, 40, 41, 64, 65};

  private static final int[] LIST_REGISTERS = {2, 3, 4, 16};
  private static final int SEEDS = Integer.getInteger("ristretto.seeds", 16);
  private static final int HISTORY = 60;
  private static final int FIRST_PHYSICAL = 40;

  private static List<Arguments> shapes() {
    List<Arguments> shapes = new ArrayList<>();
    for (int i = 0; i < SEEDS; i++) {
      shapes.add(Arguments.of(2 + i % 2, LIST_REGISTERS[i / 2 % LIST_REGISTERS.length], i));
    }
    return shapes;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aGuestSeesWhatARealControllerWouldShow(int version, int listRegisters, long seed) {
    GicBench bench = new GicBench(version, 1, listRegisters);
    bench.run(cpu -> new Walk(bench, version, listRegisters, seed).run());
  }

  private static final class Walk {
    private final GicBench bench;
    private final int version;
    private final int depth;
    private final long seed;
    private final Random random;
    private final Domain domain;
    private final Vcpu vcpu;
    private final PhysicalGic real;
    private final MmioDevice realDistributor;
    private final MmioDevice realPrivate;
    private final Deque<Integer> active = new ArrayDeque<>();

    /**
     * Physical edges that the guest has not acknowledged: the physical interrupt is active already,
     * so a second edge would be kept and come as a second interrupt, where a real one would merge.
     */
    private final Set<Integer> outstanding = new HashSet<>();

    private boolean realSignalled;
    private boolean loaded = true;
    private String last = "";
    private final Deque<String> history = new ArrayDeque<>();

    Walk(GicBench bench, int version, int listRegisters, long seed) {
      this.bench = bench;
      this.version = version;
      this.depth = listRegisters - 1;
      this.seed = Long.getLong("ristretto.seed", seed);
      this.random = new Random(this.seed);
      domain = bench.domain(2);
      vcpu = domain.vcpus[0];
      real = new PhysicalGic(version, GicBench.LINES, new int[] {0, 1}, 1);
      realDistributor = new DistributorRegisters(real);
      realPrivate = version == 3 ? new RedistributorRegisters(real) : realDistributor;
    }

    void run() {
      GicBench.load(vcpu);
      bench.enableGuest(domain);
      realDistributor.write(0, 4, 3);
      real.cpuInterface(0).connect(level -> realSignalled = level);
      real.cpuInterface(0).setEnabled(true);
      real.cpuInterface(0).setMask(0xf8);
      for (int i = 0; i < INTERRUPTS.length; i++) {
        int intid = INTERRUPTS[i];
        writeByte(Gicd.IPRIORITYR + intid, intid, 0xe0 - 8 * ((i * 5) % INTERRUPTS.length));
        if (intid >= FIRST_PHYSICAL) {
          assertEquals(true, domain.vgic.giveInterrupt(intid));
          write(Gicd.ICFGR + intid / 16 * 4, intid, 2 << intid % 16 * 2);
        }
      }
      for (int step = 0; step < STEPS; step++) {
        operate(INTERRUPTS[random.nextInt(INTERRUPTS.length)]);
        bench.takeInterrupts();
        history.addLast(last);
        if (history.size() > HISTORY) {
          history.removeFirst();
        }
        compare(step);
      }
    }

    private void compare(int step) {
      if (!loaded) {
        return;
      }
      String where = "step " + step + ", seed " + seed + ", after " + history;
      assertEquals(realSignalled, bench.guest().isSignalled(), where);
      if (realSignalled && active.size() < depth && random.nextBoolean()) {
        int intid = real.cpuInterface(0).acknowledge();
        assertEquals(intid, bench.guest().acknowledge(), where);
        history.addLast("take " + intid);
        outstanding.remove(intid);
        active.push(intid);
      }
    }

    private void operate(int intid) {
      switch (random.nextInt(10)) {
        case 0, 1 -> enable(intid);
        case 2 -> disable(intid);
        case 3, 4 -> raise(intid);
        case 5 -> level(intid);
        case 6, 7 -> end();
        case 8 -> switchVcpu();
        default -> rare(intid);
      }
    }

    private void enable(int intid) {
      last = "enable " + intid;
      write(Gicd.ISENABLER + intid / 32 * 4, intid, 1 << intid % 32);
    }

    private void disable(int intid) {
      last = "disable " + intid;
      write(Gicd.ICENABLER + intid / 32 * 4, intid, 1 << intid % 32);
    }

    private void raise(int intid) {
      last = "raise " + intid;
      if (intid < 16) {
        Vgic.inject(vcpu, intid);
        if (version == 3) {
          real.generateSgi(0, new IccSgi1r(1L | (long) intid << 24));
        } else {
          realDistributor.write(Gicd.SGIR, 4, 2 << 24 | intid);
        }
      } else if (intid >= FIRST_PHYSICAL) {
        if (!outstanding.add(intid)) {
          return;
        }
        bench.gic.setLine(intid, true);
        bench.gic.setLine(intid, false);
        real.setLine(intid, true);
        real.setLine(intid, false);
      } else {
        write(Gicd.ISPENDR + intid / 32 * 4, intid, 1 << intid % 32);
      }
    }

    private void level(int intid) {
      if (intid < 16 || intid >= FIRST_PHYSICAL) {
        return;
      }
      boolean high = random.nextBoolean();
      last = "level " + intid + " " + high;
      Vgic.setLevel(vcpu, intid, high);
      if (intid < 32) {
        real.setPrivateLine(0, intid, high);
      } else {
        real.setLine(intid, high);
      }
    }

    private void end() {
      if (loaded && !active.isEmpty()) {
        int intid = active.pop();
        last = "end " + intid;
        bench.guest().end(intid);
        real.cpuInterface(0).end(intid);
      }
    }

    private void switchVcpu() {
      last = "switch";
      GicBench.load(loaded ? domain.vcpus[1] : vcpu);
      loaded = !loaded;
      if (!loaded) {
        bench.takeInterrupts();
        assertEquals(false, bench.guest().isSignalled(), "the other vCPU's, seed " + seed);
      }
    }

    private void rare(int intid) {
      switch (random.nextInt(4)) {
        case 0 -> {
          last = "clear pending " + intid;
          if (version == 3 || intid >= 16) {
            outstanding.remove(intid);
            write(Gicd.ICPENDR + intid / 32 * 4, intid, 1 << intid % 32);
          }
        }
        case 1 -> {
          if (loaded) {
            int mask = 8 * random.nextInt(32);
            last = "mask " + mask;
            bench.guest().guestEnables(mask);
            real.cpuInterface(0).setMask(mask);
          }
        }
        case 2 -> {
          last = "distributor off";
          domain.vgic.distributor().write(0, 4, 0);
          realDistributor.write(0, 4, 0);
        }
        default -> {
          last = "distributor on";
          domain.vgic.distributor().write(0, 4, 3);
          realDistributor.write(0, 4, 3);
        }
      }
    }

    /** GICv2's private registers are the accessing vCPU's own. */
    private boolean reachable(int intid) {
      return loaded || version == 3 || intid >= 32;
    }

    private void write(int register, int intid, int value) {
      if (reachable(intid)) {
        MmioDevice here = intid < 32 ? bench.privateBlock(domain) : domain.vgic.distributor();
        int offset = intid < 32 ? bench.privateOffset(0) : 0;
        here.write(offset + register, 4, Integer.toUnsignedLong(value));
        (intid < 32 ? realPrivate : realDistributor)
            .write(offset + register, 4, Integer.toUnsignedLong(value));
      }
    }

    private void writeByte(int register, int intid, int value) {
      MmioDevice here = intid < 32 ? bench.privateBlock(domain) : domain.vgic.distributor();
      int offset = intid < 32 ? bench.privateOffset(0) : 0;
      here.write(offset + register, 1, value);
      (intid < 32 ? realPrivate : realDistributor).write(offset + register, 1, value);
    }
  }
}
