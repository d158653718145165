package ristretto.core.interrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.arch.gic.Gicd;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.vdev.MmioDevice;

/**
 * What number 16 of docs/hostile-guests.md does, on the JVM: every register offset in every size
 * with every kind of value, SGIs to everybody, routes to nobody. Nothing throws, and physical
 * interrupts of others stay as they are.
 */
class VgicRegisterSweepTest {
  private static final int[] SIZES = {1, 2, 4, 8};
  private static final int OTHERS_SPI = 50;
  private static final long[] VALUES = {0, -1, 0x8000_0000_8000_0001L, 0x5555_5555_5555_5555L};

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void everyOffsetAndSizeIsAnswered(int version) {
    GicBench bench = new GicBench(version, 1, 4);
    bench.run(cpu -> {
      bench.driver.setTarget(OTHERS_SPI, 0);
      bench.driver.enable(0, OTHERS_SPI);
      Domain domain = bench.domain(3);
      GicBench.load(domain.vcpus[1]);
      bench.enableGuest(domain);
      assertEquals(true, domain.vgic.giveInterrupt(40));
      sweep(domain.vgic.distributor(), version == 3 ? Gicd.SIZE_V3 : Gicd.SIZE_V2);
      if (version == 3) {
        sweep(domain.vgic.redistributors(), (int) domain.vgic.redistributorsSize());
        // A window larger than the vCPUs, as DomUs have.
        assertEquals(0, domain.vgic.redistributors().read(0x6_0008, 4));
        domain.vgic.redistributors().write(0x7_0100, 4, -1);
      }
      GicBench.load(domain.vcpus[0]);
      GicBench.load(domain.vcpus[2]);
      bench.takeInterrupts();
      GicBench.unload();
      assertEquals(
          1 << (OTHERS_SPI - 32) | 1 << (40 - 32) & bench.gic.model().shared.enabled[1],
          bench.gic.model().shared.enabled[1]);
      assertFalse(bench.driver.isPending(0, OTHERS_SPI));
      domain.vgic.release();
      assertEquals(1 << (OTHERS_SPI - 32), bench.gic.model().shared.enabled[1]);
    });
  }

  private static void sweep(MmioDevice device, int size) {
    for (int offset = 0; offset < size; offset++) {
      for (int bytes : SIZES) {
        if (offset % bytes == 0) {
          for (long value : VALUES) {
            long bits = bytes == 8 ? value : value & (1L << 8 * bytes) - 1;
            device.write(offset, bytes, bits);
            long unused = device.read(offset, bytes);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void randomAccessesKeepTheListRegistersConsistent(int version) {
    long seed = Long.getLong("ristretto.seed", 11);
    GicBench bench = new GicBench(version, 1, 2);
    Random random = new Random(seed);
    bench.run(cpu -> {
      Domain domain = bench.domain(3);
      for (int intid = 40; intid < 60; intid++) {
        assertEquals(true, domain.vgic.giveInterrupt(intid));
      }
      GicBench.load(domain.vcpus[0]);
      bench.enableGuest(domain);
      for (int i = 0; i < 20_000; i++) {
        step(bench, domain, random);
        bench.takeInterrupts();
        assertEquals("", duplicates(bench), "seed " + seed + " step " + i);
      }
    });
  }

  private static void step(GicBench bench, Domain domain, Random random) {
    boolean redistributor = bench.privateBlock(domain) == domain.vgic.redistributors();
    MmioDevice device =
        redistributor && random.nextBoolean()
            ? domain.vgic.redistributors()
            : domain.vgic.distributor();
    int base = device == domain.vgic.distributor() ? 0 : 0x2_0000 * random.nextInt(4) + 0x1_0000;
    switch (random.nextInt(8)) {
      case 0 -> bench.gic.setLine(40 + random.nextInt(20), random.nextBoolean());
      case 1 -> bench.guest().acknowledge();
      case 2 -> bench.guest().end(random.nextInt(64));
      case 3 -> GicBench.load(domain.vcpus[random.nextInt(3)]);
      case 4 -> Vgic.sgi(domain.vcpus[random.nextInt(3)], random.nextLong());
      case 5 -> Vgic.setLevel(randomVcpu(domain, random), random.nextInt(96), random.nextBoolean());
      default -> {
        int offset = base + (0x80 + random.nextInt(0xe90)) / 4 * 4;
        device.write(offset, 4, random.nextInt() & 0xffff_ffffL);
        long unused = device.read(offset, 4);
        domain.vgic.distributor().write(Gicd.CTLR, 4, 3);
      }
    }
  }

  private static Vcpu randomVcpu(Domain domain, Random random) {
    return domain.vcpus[random.nextInt(3)];
  }

  /** Two list registers must not hold the same interrupt. IHI 0069, "List registers". */
  private static String duplicates(GicBench bench) {
    int first = (int) bench.guest().listRegister(0);
    int second = (int) bench.guest().listRegister(1);
    long states = bench.guest().listRegister(0) >>> 62 & bench.guest().listRegister(1) >>> 62;
    boolean bothUsed =
        bench.guest().listRegister(0) >>> 62 != 0 && bench.guest().listRegister(1) >>> 62 != 0;
    return bothUsed && first == second ? "INTID " + first + " twice, " + states : "";
  }
}
