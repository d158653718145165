package ristretto.core.interrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.arch.gic.Gicd;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Residence;
import ristretto.machine.Hint;
import ristretto.sim.Switching;

/**
 * One CPU runs, blocks, leaves and reloads a vCPU while another sends it interrupts, switched at
 * every intrinsic by a seeded scheduler. Each interrupt is sent once the one before has been taken:
 * one that is lost is a livelock, which the simulated machine reports with its seed.
 */
class VgicInterleavingTest {
  private static final int ROUNDS = 12;
  private static final int SEEDS = Integer.getInteger("ristretto.seeds", 25);
  private static final int SPI = 40;

  private static final class Shared {
    final AtomicInteger taken = new AtomicInteger();
    final AtomicBoolean ready = new AtomicBoolean();
    @Nullable Domain domain;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void noPrivateInterruptIsLost(int version) {
    for (long seed = 0; seed < SEEDS; seed++) {
      run(version, seed, 31);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void noSharedInterruptIsLost(int version) {
    for (long seed = 0; seed < SEEDS; seed++) {
      run(version, seed, SPI);
    }
  }

  private static void run(int version, long seed, int intid) {
    GicBench bench = new GicBench(version, 2, 4);
    bench.machine.schedule(Switching.RANDOM, seed).stepLimit(2_000_000);
    Shared shared = new Shared();
    bench.machine.runAll(() -> receive(bench, shared, intid), () -> send(shared, intid));
    assertEquals(ROUNDS, shared.taken.get(), "seed " + seed);
  }

  private static void send(Shared shared, int intid) {
    while (!shared.ready.get()) {
      Hint.spin();
    }
    Cpu unused = GicBench.startOther(1);
    Domain domain = Objects.requireNonNull(shared.domain);
    for (int i = 0; i < ROUNDS; i++) {
      Vgic.inject(domain.vcpus[0], intid);
      while (shared.taken.get() == i) {
        Hint.spin();
      }
    }
  }

  private static void receive(GicBench bench, Shared shared, int intid) {
    Cpu unused = bench.startFirst();
    Domain domain = bench.domain(2);
    Vcpu vcpu = domain.vcpus[0];
    vcpu.residence = Residence.RUNNING; // what the scheduler does on waking is not tested here
    GicBench.load(vcpu);
    bench.enableGuest(domain);
    bench
        .privateBlock(domain)
        .write(bench.privateOffset(0) + Gicd.ISENABLER, 4, Integer.toUnsignedLong(-1));
    domain.vgic.distributor().write(Gicd.ISENABLER + 4, 4, 1L << (SPI - 32));
    shared.domain = domain;
    shared.ready.set(true);
    for (int turn = 0; shared.taken.get() < ROUNDS; turn++) {
      bench.takeInterrupts();
      int taken = bench.guest().acknowledge();
      if (taken == intid) {
        bench.guest().end(taken);
        shared.taken.incrementAndGet();
      } else if (turn % 3 == 0) {
        GicBench.load(domain.vcpus[1]);
        bench.takeInterrupts();
        GicBench.load(vcpu);
      } else if (turn % 3 == 1) {
        waitForInterrupt(vcpu);
      }
    }
  }

  /** Blocking.waitForInterrupt, then an idle CPU that keeps the vCPU loaded. */
  private static void waitForInterrupt(Vcpu vcpu) {
    vcpu.pauses.set(PauseReason.BLOCKED);
    if (Vgic.hasDeliverable(vcpu)) {
      vcpu.pauses.set(0);
    }
    while (vcpu.pauses.get() != 0) {
      Hint.waitForInterrupt();
      Interrupts.handlePending();
    }
  }
}
